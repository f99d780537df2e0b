import { conform } from './rows.ts';
import { SECTIONS } from './sections.ts';

conform(SECTIONS.S4.rows);
