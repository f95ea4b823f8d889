import { ArmRobot } from './arm-robot';
import { readNumber, readText } from './cli/environment';
import { readEyes } from './cli/eyes';
import { jsonLines } from './link/log';
import { TurnEyes } from './turn/turn-eyes';

const robotId = readText('ROBOT_ID', 'arm1');
const robot = new ArmRobot({
  robotId,
  url: readText('ROBOT_GATEWAY_URL', 'ws://127.0.0.1:3104'),
  apiKey: readText('ROBOT_API_KEY', 'secret-robot-key'),
  reportHz: readNumber('ROBOT_REPORT_HZ', 10),
  deadmanMs: readNumber('ROBOT_DEADMAN_MS', 1_000),
  log: jsonLines(robotId),
});
const eyes = readEyes(robotId);
const watching = eyes === undefined ? undefined : new TurnEyes(robot, { ...eyes, log: jsonLines(robotId) });
robot.start();

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void Promise.all([robot.stop(), watching?.stop()]).then(() => process.exit(0));
  });
}
