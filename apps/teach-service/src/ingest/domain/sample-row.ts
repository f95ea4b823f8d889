import type { Said } from './said';

/** A sample as INSERT_SAMPLES takes it. */
export function rowOf({ sampleId, ts, seq, payload }: Said, sessionId: string): object {
  return {
    session: sessionId,
    id: sampleId,
    ts,
    seq,
    x: payload.poseX,
    y: payload.poseY,
    h: payload.headingRad,
    hoist: payload.hoistHeight,
    tele: payload.telescopeLength,
    rot: payload.rotationAngleDeg,
    grip: payload.gripPosition,
    raw: restOf(payload),
  };
}

/** What has no column. */
function restOf({ nodeId, corridor, intent }: Said['payload']): object | null {
  if (!nodeId && !corridor && !intent) return null;
  return { ...(nodeId && { nodeId }), ...(corridor && { corridor }), ...(intent && { intent }) };
}
