'use strict';
/* Driving by hand: the lock, its renewal, and /ws/drive/manual while it is held. */
(() => {
  const { fleet } = window;
  const $ = (id) => document.getElementById(id);
  const SPEED = 0.6; // m/s and rad/s
  const RENEW_MS = 15_000; // the lock lasts 30 s
  let ws;
  let renewal;
  let lockedRobot = '';

  const lockPath = (robotId) => `/drive/lock?${new URLSearchParams({ robotId })}`;

  function draw() {
    const holder = fleet.robots.get(fleet.robotId)?.manualLockHolderName;
    if (lockedRobot) fleet.pill($('drive-state'), `you drive ${lockedRobot}`, 'on');
    else fleet.pill($('drive-state'), holder ? `locked by ${holder}` : 'not locked', 'off');
    $('lock').disabled = !fleet.jwt || lockedRobot !== '';
    $('unlock').disabled = lockedRobot === '';
  }

  function open(robotId) {
    const url = new URL('/ws/drive/manual', location.href);
    url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
    url.search = new URLSearchParams({ token: fleet.jwt, robotId }).toString();
    const socket = new WebSocket(url);
    ws = socket;
    socket.addEventListener('close', (event) => {
      if (ws !== socket) return;
      fleet.say(`Driving ended: ${event.reason || `code ${event.code}`}`, 'bad');
      void unlock();
    });
  }

  async function lock() {
    const { robotId } = fleet;
    await fleet.call('POST', lockPath(robotId));
    lockedRobot = robotId;
    open(robotId);
    renewal = setInterval(() => {
      fleet.call('POST', lockPath(robotId)).catch((error) => {
        fleet.say(error.message, 'bad');
        letGo();
      });
    }, RENEW_MS);
    fleet.say('');
    draw();
  }

  function letGo() {
    clearInterval(renewal);
    keys.release();
    const socket = ws;
    ws = undefined;
    lockedRobot = '';
    socket?.close();
    draw();
  }

  async function unlock() {
    const robotId = lockedRobot;
    letGo();
    if (robotId)
      await fleet.call('DELETE', lockPath(robotId)).catch((error) => fleet.say(error.message, 'bad'));
  }

  const keys = window.driveKeys({
    pad: $('pad'),
    speed: SPEED,
    active: () => ws !== undefined,
    ready: () => ws?.readyState === WebSocket.OPEN,
    send: (linear, angular) =>
      ws.send(
        JSON.stringify({ command: 'DRIVE_COMMAND', linear_velocity: linear, angular_velocity: angular }),
      ),
  });

  $('lock').addEventListener('click', () => lock().catch((error) => fleet.say(error.message, 'bad')));
  $('unlock').addEventListener('click', () => void unlock());
  fleet.onChange = (what) => {
    const holder = fleet.robots.get(lockedRobot)?.manualLockHolderName;
    if (lockedRobot && holder && holder !== fleet.name) {
      fleet.say(`${holder} has taken ${lockedRobot} over.`, 'bad');
      letGo();
    }
    if (what === 'chosen' && lockedRobot && lockedRobot !== fleet.robotId) void unlock();
    draw();
  };
  draw();
})();
