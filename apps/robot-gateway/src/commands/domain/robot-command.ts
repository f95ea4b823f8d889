import type { TeachControlType } from '@teleop/contracts';

/** What the gateway says to robots, besides drive frames and stops. Field names as the source has them. */
export type RobotCommand =
  NavigateCommand | CancelCommand | SetModeCommand | ExecuteStepCommand | TeachCommand;

export interface NavigateCommand {
  readonly command: 'NAVIGATE';
  readonly start: string;
  readonly destination: string;
  /** Names this command in the robot's acknowledgement and telemetry. */
  readonly id?: string;
  /** Nodes to drive through, start first. */
  readonly path?: readonly string[];
}

export interface CancelCommand {
  readonly command: 'CANCEL';
  readonly id?: string;
  readonly taskId?: string;
}

export interface SetModeCommand {
  readonly command: 'SET_MODE';
  readonly mode: string;
}

export interface ExecuteStepCommand {
  readonly command: 'EXECUTE_STEP';
  readonly id: string;
  readonly taskId: string;
  readonly stepId: string;
  readonly step: { readonly type: string; readonly payload: object; readonly requiredTimeSeconds?: number };
  readonly path?: readonly string[];
  readonly timeoutSeconds: number;
}

/** To begin or to end to tell of its state; the source's envelope, and its messageId again as the command's id. */
export interface TeachCommand {
  readonly command: 'TEACH';
  readonly id: string;
  readonly messageId: string;
  readonly correlationId?: string | null;
  readonly producedAtUtc: string;
  readonly robotId: string;
  readonly type: TeachControlType;
  readonly payload: { readonly teachSessionId?: string };
}

/** Everything of the frame up to the number that the robot's own replica gives it as it goes out. */
export function unsealed(command: RobotCommand, epoch: number): string {
  return `${JSON.stringify(command).slice(0, -1)},"lease":{"epoch":${epoch},"seq":`;
}

/** A drive frame; written by hand, because this is done 50 times a second for every driver. m/s and rad/s. */
export function unsealedDrive(linear: number, angular: number, epoch: number): string {
  return `{"command":"DRIVE_COMMAND","linear_velocity":${linear},"angular_velocity":${angular},"lease":{"epoch":${epoch},"seq":`;
}

/** The frame as the robot gets it. */
export function seal(frame: string, seq: number): string {
  return `${frame}${seq}}}`;
}
