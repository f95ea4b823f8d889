import { IngestJob } from './ingest.job';
import { IngestProgress } from './ingest-progress';
import { SampleLine } from './sample-line';
import { SampleWriter } from './sample-writer';
import { TaughtDrafts } from './taught-drafts';

/** What of this folder goes into the app's module. */
export const INGEST = [TaughtDrafts, SampleWriter, SampleLine, IngestJob, IngestProgress];
