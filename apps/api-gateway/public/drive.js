'use strict';
/* Driving while it is your turn: control token, session socket, arrow keys. */
(() => {
  const $ = (id) => document.getElementById(id);
  const teleop = window.teleop;
  const SPEED = 0.6; // rad/s
  let ws;

  function state(text, kind) {
    $('drive-state').textContent = text;
    $('drive-state').dataset.state = kind;
    $('drive').textContent = ws ? 'Let go' : 'Take control';
    $('drive').disabled = !ws && !teleop.myTurn;
  }

  teleop.onTurn = (mine) => {
    if (!mine) ws?.close();
    state(mine ? 'your turn' : 'not your turn', mine ? 'on' : 'off');
  };

  async function takeControl() {
    const { robotId, userId } = teleop;
    // Books the session, then names the token that opens the socket.
    const { control_token: token } = await teleop.call('/use_robot', { robotId, userId });
    const url = new URL('/ws/drive/session', location.href);
    url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
    url.search = new URLSearchParams({ robotId, token }).toString();
    ws = new WebSocket(url);
    ws.addEventListener('open', () => {
      state('driving', 'on');
      // The robot reports what its cameras saw of this turn under this token.
      ws.send(JSON.stringify({ type: 'lock_request', token }));
    });
    ws.addEventListener('message', (event) => typeof event.data === 'string' && hear(event.data));
    ws.addEventListener('close', (event) => {
      ws = undefined;
      keys.release();
      const why = event.reason || (event.code === 1006 ? 'refused or lost' : `code ${event.code}`);
      state(teleop.myTurn ? `closed: ${why}` : 'not your turn', teleop.myTurn ? 'bad' : 'off');
    });
  }

  function hear(text) {
    let message;
    try {
      message = JSON.parse(text);
    } catch {
      return;
    }
    if (message.type !== 'state' || !Array.isArray(message.joints)) return;
    const [base = 0, shoulder = 0, elbow = 0] = message.joints;
    const a1 = shoulder - Math.PI / 2;
    const a2 = a1 + elbow;
    const reach = Math.cos(base);
    const x1 = 45 * Math.cos(a1) * reach;
    const y1 = 45 * Math.sin(a1);
    const x2 = x1 + 40 * Math.cos(a2) * reach;
    const y2 = y1 + 40 * Math.sin(a2);
    $('links').setAttribute('points', `0,0 ${x1},${y1} ${x2},${y2}`);
    $('grip').setAttribute('cx', x2);
    $('grip').setAttribute('cy', y2);
    $('base').setAttribute('transform', `skewX(${Math.sin(base) * 20})`);
    $('joints').textContent = message.joints
      .map((q, i) => `j${i + 1} ${q.toFixed(2).padStart(6)} rad`)
      .join('\n');
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

  $('drive').addEventListener('click', () => {
    if (ws) ws.close();
    else takeControl().catch((error) => teleop.say(error.message, 'bad'));
  });
})();
