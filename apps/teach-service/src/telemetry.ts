import { startTelemetry } from '@teleop/service-kit';

// Imported first: telemetry patches pg and http, and can only do so before they are loaded.
startTelemetry('teach-service');
