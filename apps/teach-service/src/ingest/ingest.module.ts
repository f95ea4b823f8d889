import { IngestJob } from './ingest.job';
import { IngestProgress } from './ingest-progress';
import { SampleLine } from './sample-line';
import { SampleNews } from './sample-news';
import { SampleWriter } from './sample-writer';
import { TaughtDrafts } from './taught-drafts';
import { TaughtSessions } from './taught-sessions';

/** What of this folder goes into the app's module. */
export const INGEST = [
  TaughtDrafts,
  TaughtSessions,
  SampleWriter,
  SampleNews,
  SampleLine,
  IngestJob,
  IngestProgress,
];
