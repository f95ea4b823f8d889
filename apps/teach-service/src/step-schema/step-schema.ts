import { STEP_SCHEMA_VERSION } from '../missions/domain/steps';
import { MAX_REASON_LENGTH, MAX_STEP_SECONDS, MAX_NAME_LENGTH } from '../missions/domain/check-steps';

type Schema = Readonly<Record<string, unknown>>;

const number = (description: string): Schema => ({ type: 'number', description });
const uuid: Schema = { type: 'string', format: 'uuid' };
const name: Schema = { type: 'string', minLength: 1, maxLength: MAX_NAME_LENGTH };

/** Fields beyond these are let be. */
function object(properties: Record<string, Schema>, required = Object.keys(properties)): Schema {
  return { type: 'object', properties, required };
}

function oneDestination(field: string): Schema {
  const others = ['nodeId', 'pointId', 'x', 'y'].filter((other) => other !== field);
  return { ...object({ [field]: name }), not: { anyOf: others.map((other) => ({ required: [other] })) } };
}

const POINT: Schema = {
  ...object({ x: number('Metres'), y: number('Metres') }),
  not: { anyOf: [{ required: ['nodeId'] }, { required: ['pointId'] }] },
};

const PAYLOADS: Readonly<Record<string, { description: string; payload: Schema }>> = {
  moveToPoint: {
    description: 'Drive to a node of the map, a named point or coordinates',
    payload: object(
      {
        mapVersionId: uuid,
        destination: { oneOf: [oneDestination('nodeId'), oneDestination('pointId'), POINT] },
        speed: { type: 'number', exclusiveMinimum: 0, description: 'm/s, at most' },
      },
      ['destination'],
    ),
  },
  grip: {
    description: 'Open or close the gripper, or bring it to a width',
    payload: {
      oneOf: [
        object({ target: { enum: ['open', 'close'] } }),
        object({ target: { const: 'position' }, positionMm: number('mm between the fingers') }),
      ],
    },
  },
  rotate: { description: 'Turn the table', payload: object({ targetDeg: number('Degrees') }) },
  telescope: { description: 'Extend the telescope', payload: object({ targetMm: number('mm') }) },
  hoist: { description: 'Lift', payload: object({ targetMm: number('mm') }) },
  wait: {
    description: 'Stand still for requiredTimeSeconds',
    payload: object({ reason: { type: 'string', minLength: 1, maxLength: MAX_REASON_LENGTH } }, []),
  },
  missionRef: {
    description: 'Run another mission, which must be published',
    payload: object({ missionId: uuid, args: { type: 'object' } }, ['missionId']),
  },
};

/** The catalogue of steps as JSON Schema: what a mission must hold to be published, but for what only a robot can say. */
export function stepSchema(): Schema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:teleop:schema:mission-step:1',
    title: 'Mission step',
    oneOf: Object.keys(PAYLOADS).map((type) => ({ $ref: `#/$defs/${type}` })),
    $defs: Object.fromEntries(
      Object.entries(PAYLOADS).map(([type, { description, payload }]) => [
        type,
        step(type, description, payload),
      ]),
    ),
  };
}

function step(type: string, description: string, payload: Schema): Schema {
  const timed = type !== 'moveToPoint';
  return {
    title: type,
    description,
    ...object(
      {
        schemaVersion: { const: STEP_SCHEMA_VERSION },
        stepId: uuid,
        type: { const: type },
        ...(timed && {
          requiredTimeSeconds: {
            type: 'number',
            minimum: 0,
            maximum: MAX_STEP_SECONDS,
            description: 'Seconds',
          },
        }),
        payload,
      },
      ['type', 'payload', ...(timed ? ['requiredTimeSeconds'] : [])],
    ),
  };
}
