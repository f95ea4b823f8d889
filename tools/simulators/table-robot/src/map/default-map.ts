import type { RobotMap } from './robot-map';

/** A flat with the nodes of the source's simulator, in its order: `/nodes` answers exactly these unless a map is given. */
export const DEFAULT_MAP: RobotMap = {
  name: 'flat',
  nodes: [
    { id: 'Home', x: 0, y: 0 },
    { id: 'Kitchen', x: 4, y: 0 },
    { id: 'Living Room', x: 4, y: 3 },
    { id: 'Office', x: 0, y: 3 },
    { id: 'Bedroom', x: 8, y: 3 },
    { id: 'Charging Station', x: 0, y: -2 },
  ],
  paths: [
    { id: 'home-kitchen', from: 'Home', to: 'Kitchen' },
    { id: 'kitchen-living', from: 'Kitchen', to: 'Living Room' },
    { id: 'living-office', from: 'Living Room', to: 'Office' },
    { id: 'home-office', from: 'Home', to: 'Office' },
    { id: 'living-bedroom', from: 'Living Room', to: 'Bedroom' },
    { id: 'home-charging', from: 'Home', to: 'Charging Station' },
  ],
};
