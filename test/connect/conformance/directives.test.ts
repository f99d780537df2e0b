import { conform } from './rows.ts';
import { SECTIONS } from './sections.ts';

conform(SECTIONS.S1.rows);
