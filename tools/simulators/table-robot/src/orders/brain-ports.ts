import type { TeachFrame } from '../teaching/wishes';

/** An answer on the control socket to a command with an id. */
export interface Ack {
  readonly type: 'ack';
  readonly id: string;
  readonly accepted: boolean;
  readonly reason?: string;
}

/** A body of `POST /table/event` before it has its timestamp. */
export type BrainEvent =
  | { readonly event: 'DESTINATION_REACHED' }
  | {
      readonly event: 'STEP_DONE' | 'STEP_FAILED';
      readonly taskId: string;
      readonly stepId: string;
      readonly reason?: string;
    }
  | { readonly priority: 'INFO' | 'WARN' | 'ERROR'; readonly message: string };

/** What the brain says to the world. */
export interface BrainOutput {
  ack(frame: Ack): void;
  event(body: BrainEvent): void;
  /** What it says of its state while it is taught. */
  taught(frame: TeachFrame): void;
  /** Something that telemetry tells at once, not at its next second. */
  changed(): void;
}
