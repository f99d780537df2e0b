import { conform } from './rows.ts';
import { REQUESTS } from './rows-requests.ts';

conform(REQUESTS);
