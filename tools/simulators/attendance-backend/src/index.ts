export { RecognitionApi, type Camera, type SessionWish } from './recognition-api';
export {
  AttendanceBackend,
  type AttendanceBackendOptions,
  type BackendMood,
  type ReceivedCallback,
} from './attendance-backend';
