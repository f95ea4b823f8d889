import type { ParseArgsConfig } from 'node:util';

export const FLAGS = {
  url: { type: 'string' },
  robot: { type: 'string' },
  count: { type: 'string' },
  key: { type: 'string' },
  firmware: { type: 'string' },
  capabilities: { type: 'string' },
  map: { type: 'string' },
  speed: { type: 'string' },
  'time-scale': { type: 'string' },
  host: { type: 'string' },
  port: { type: 'string' },
  'no-http': { type: 'boolean' },
  'telemetry-ms': { type: 'string' },
  announce: { type: 'string' },
  lesson: { type: 'string' },
  seed: { type: 'string' },
  lie: { type: 'string' },
  lag: { type: 'string' },
  drop: { type: 'string' },
  reconnect: { type: 'string' },
  deaf: { type: 'boolean' },
  die: { type: 'string' },
  control: { type: 'boolean' },
  help: { type: 'boolean' },
} as const satisfies ParseArgsConfig['options'];

export const USAGE = `Simulates serving tables as clients of robot-gateway.

  npm run sim:table -- --robot table2 --key demo-key-table2
  npm run sim:table -- --robot load1 --count 50 --key 'key-{id}' --no-http

  --url http://host:port   robot-gateway              (ROBOT_GATEWAY_URL, http://127.0.0.1:3104)
  --robot id               its name                   (ROBOT_ID, table1)
  --count n                so many robots: table2, table3, … (1)
  --key key                API key; {id} stands for the robot's name (ROBOT_API_KEY)
  --firmware new|old       old: the source to the letter (new)
  --capabilities a,b|none  of hasGrip, hasRotate, hasTelescope, hasHoist (ROBOT_CAPABILITIES, all)
  --map file               a map as JSON              (ROBOT_MAP, the source's six nodes)
  --speed m/s              on routes                  (ROBOT_SPEED, 0.8)
  --time-scale n           motion and steps n times faster (1)
  --host a --port n        its own HTTP server; 0 is any free port; further robots take the next ones
                                                      (ROBOT_HOST, ROBOT_PORT, 0.0.0.0:8000)
  --no-http                without it: no registration and no announcing either
  --telemetry-ms n         at least so often          (1000)
  --lesson from,to         what its operator does when it is taught: fetches at one node, brings to another
                                                      (ROBOT_LESSON, nothing)
  --announce address[:port]  say over UDP where it is, every 10 s (off)

  what it does wrong:
  --lie idle,position,command                  what it says while it drives
  --lag telemetryMs=n,commandsMs=n,jitterMs=n
  --drop posts=s,responses=s,frames=s,acks=s   shares from 0 to 1
  --reconnect s                                cuts its own socket every s seconds
  --deaf                                       does not read its socket
  --die s                                      loses power when it has driven this share of a route
  --seed n                                     the same faults at the same places (1)
  --control                GET|PUT /sim/faults and GET /sim/log at its own server: change faults while it runs
`;
