import { CheckRobot } from './check-robot';
import { DiscoverySocket } from './discovery.socket';
import { FetchNodesJob } from './fetch-nodes.job';
import { LocateRobot } from './locate-robot';
import { NodesController } from './nodes.controller';
import { RegisterController } from './register.controller';
import { RobotHttp } from './robot-http';
import { RobotNodes } from './robot-nodes';

export const DISCOVERY_PROVIDERS = [
  LocateRobot,
  RobotHttp,
  RobotNodes,
  CheckRobot,
  FetchNodesJob,
  DiscoverySocket,
];
export const DISCOVERY_CONTROLLERS = [RegisterController, NodesController];
