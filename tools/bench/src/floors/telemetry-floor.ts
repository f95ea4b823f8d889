import Fastify from 'fastify';
import { serve } from '../workers/serve';

/* The least that takes telemetry over Fastify: a compiled schema of the body, and a map. No keys, fan-out or database. */

const text = (maxLength: number) => ({ type: 'string', maxLength });

const schema = {
  body: {
    type: 'object',
    required: ['systemHealth', 'batteryLevel', 'driveMode', 'cargoStatus', 'currentPosition'],
    properties: {
      systemHealth: text(64),
      batteryLevel: { type: 'number', minimum: 0, maximum: 100 },
      driveMode: text(64),
      cargoStatus: text(64),
      currentPosition: text(128),
      lastNode: { ...text(128), nullable: true },
      targetNode: { ...text(128), nullable: true },
    },
  },
  response: { 200: { type: 'object', properties: { status: { type: 'string' } } } },
} as const;

const states = new Map<string, unknown>();
const app = Fastify({ logger: false });

app.post('/table/state', { schema }, (request, reply) => {
  states.set(String(request.headers['x-robot-id']), request.body);
  return reply.send({ status: 'success' });
});

serve({ listen: () => app.listen({ port: 0, host: '127.0.0.1' }) });
