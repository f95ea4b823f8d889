import { createSocket } from 'node:dgram';
import { Fleet } from '../fleet/fleet';
import { LiveRobots } from '../telemetry/live-robots';
import { apiOf, apiUser } from '../testing/api.spec-support';
import { setupGateway } from '../testing/gateway.spec-support';
import { json, robotServer, type RobotServer } from '../testing/robot-server.spec-support';
import { DiscoverySocket } from './discovery.socket';

export const NODES = ['Home', 'Kitchen'];
export const viewer = apiUser('Viewer');
export const admin = apiUser('Admin');

/** A gateway, robots' own servers, and a socket that announces them. */
export async function setupDiscovery(env: Record<string, string> = {}) {
  const gateway = await setupGateway({ env });
  const api = apiOf(gateway);
  const app = gateway.replicas[0]!.app;
  const sender = createSocket('udp4');
  const servers: RobotServer[] = [];
  let robots = 0;
  const newRobot = async (body: object = {}) => {
    const robotId = `t${(robots += 1)}`;
    const answer = await api.post('/api/v1/robots', admin, { robotId, ...body });
    return { robotId, key: answer.body.apiKey as string };
  };
  return {
    gateway,
    api,
    app,
    newRobot,
    /** A robot of its own, which is where its server is. */
    robotWithServer: async (nodes: RobotServer['answers'][string] = json({ nodes: NODES })) => {
      const server = await robotServer({
        '/health': json({ status: 'ok', message: 'Robot is online' }),
        '/nodes': nodes,
      });
      servers.push(server);
      return { ...(await newRobot({ url: server.url })), server };
    },
    urlOf: (robotId = 'table1') => app.get(Fleet).find(robotId)?.url,
    /** Telemetry came so long ago. */
    speak: (robotId: string, ageMs = 0) =>
      void app.get(LiveRobots).learn(robotId, { driveMode: 'IDLE' }, { here: true, ageMs }),
    register: (body: unknown, headers: Record<string, string> = {}) =>
      api.call('POST', '/table/register', { body, headers }),
    announce: (message: unknown) =>
      new Promise<void>((resolve, reject) => {
        const text = typeof message === 'string' ? message : JSON.stringify(message);
        sender.send(text, app.get(DiscoverySocket).port, '127.0.0.1', (error) =>
          error ? reject(error) : resolve(),
        );
      }),
    announces: (outcome: string) => api.metric(`robot_announces_total{outcome="${outcome}"`),
    close: async () => {
      sender.close();
      await Promise.all(servers.map((server) => server.close()));
      await gateway.close();
    },
  };
}

export type DiscoverySetup = Awaited<ReturnType<typeof setupDiscovery>>;
