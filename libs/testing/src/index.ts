export { testDatabase, testNats, testServers, type Disposable, type TestServers } from './infra';
export { INVARIANTS, TeleopData, type TestUser, type UserOptions } from './teleop-data';
export { waitFor } from './wait-for';
