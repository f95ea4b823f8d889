import type { RoadMap } from '../map/robot-map';
import type { Table } from '../motion/table';

/** The source's state of a robot that is taught: metres, radians, millimetres, degrees. */
export function teachPayload({ pose, actuators, whereabouts }: Table, map: RoadMap): object {
  const { node, leg } = whereabouts;
  const { hoistHeight, telescopeLength, rotationAngleDeg, gripPosition } = actuators;
  const ends = node === null ? [leg?.fromNode, leg?.toNode].filter((end) => typeof end === 'string') : [node];
  const path = leg?.fromNode && leg.toNode ? map.edge(leg.fromNode, leg.toNode)?.pathId : undefined;
  return {
    ...{ poseX: pose.x, poseY: pose.y, headingRad: pose.headingRad },
    ...{ hoistHeight, telescopeLength, rotationAngleDeg, gripPosition },
    ...(node !== null && { nodeId: node }),
    ...(ends.length > 0 && {
      corridor: { nodeIds: ends, pathIds: node === null && path !== undefined ? [path] : [] },
    }),
  };
}
