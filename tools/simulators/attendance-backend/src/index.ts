export {
  AttendanceBackend,
  type AttendanceBackendOptions,
  type BackendMood,
  type ReceivedCallback,
} from './attendance-backend';
