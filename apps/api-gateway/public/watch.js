'use strict';
/* The queue of one robot, live. Shares `teleop` with drive.js. */

const $ = (id) => document.getElementById(id);
const teleop = { robotId: '', userId: '', token: '', myTurn: false, onTurn: () => undefined };
window.teleop = teleop;

let socket;
let shown = { version: -1, queue: [] };
let shownAt = 0;

function say(text, kind = '') {
  $('message').textContent = text;
  $('message').dataset.kind = kind;
}

function connection(text, state) {
  $('connection').textContent = text;
  $('connection').dataset.state = state;
}

/** Fields can come in the address' fragment: it is never sent to a server, so tokens stay out of logs. */
function readFragment() {
  const given = new URLSearchParams(location.hash.slice(1));
  for (const id of ['robotId', 'userId', 'token']) {
    const value = given.get(id) ?? sessionStorage.getItem(`teleop.${id}`);
    if (value) $(id).value = value;
  }
  return given.get('userId') !== null;
}

function readFields() {
  if (!$('you').reportValidity()) return false;
  for (const id of ['robotId', 'userId', 'token']) {
    teleop[id] = $(id).value.trim();
    sessionStorage.setItem(`teleop.${id}`, teleop[id]);
  }
  return true;
}

async function call(path, body) {
  const answer = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${teleop.token}` },
    body: JSON.stringify(body),
  });
  const json = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(json.error ?? json.detail ?? `HTTP ${answer.status}`);
  return json;
}
teleop.call = call;
teleop.say = say;

function cell(text, className) {
  const td = document.createElement('td');
  td.textContent = text;
  if (className) td.className = className;
  return td;
}

function clock(seconds) {
  const s = Math.max(0, Math.round(seconds));
  return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, '0')}`;
}

function timeOf(entry) {
  const age = (performance.now() - shownAt) / 1000;
  if (entry.remaining_time !== null && entry.remaining_time !== undefined) {
    return clock(entry.remaining_time - age);
  }
  if (entry.estimated_wait_s === null || entry.estimated_wait_s === undefined) return '–';
  return `~${clock(entry.estimated_wait_s - age)}`;
}

function draw() {
  const rows = shown.queue.map((entry) => {
    const tr = document.createElement('tr');
    tr.dataset.userId = entry.user_id;
    tr.classList.toggle('mine', entry.user_id === teleop.userId);
    tr.classList.toggle('active', entry.status === 'active');
    tr.append(
      cell(String(entry.position)),
      cell(`${entry.username ?? entry.email ?? entry.user_id}${entry.fast_track ? ' ⚡' : ''}`),
      cell(entry.member_class),
      cell(entry.status),
      cell(timeOf(entry), 'number'),
    );
    return tr;
  });
  $('queue').replaceChildren(...rows);
}

function show(update) {
  if (update.robotId !== teleop.robotId || update.version < shown.version) return;
  shown = update;
  shownAt = performance.now();
  $('queue').dataset.version = String(update.version);
  $('queue-robot').textContent = `of ${update.robotId}`;
  $('queue-summary').textContent = update.queue.length
    ? `${update.queue.length} in line · version ${update.version}`
    : `Nobody is waiting · version ${update.version}`;
  draw();
  const mine = update.queue.some((entry) => entry.user_id === teleop.userId && entry.status === 'active');
  if (mine !== teleop.myTurn) {
    teleop.myTurn = mine;
    teleop.onTurn(mine);
  }
  void showRobots();
}

function watch() {
  if (!readFields()) return;
  socket?.close();
  shown = { version: -1, queue: [] };
  draw();
  connection('connecting …', 'off');
  const { robotId, userId, token } = teleop;
  socket = window.io({
    auth: { robotId, userId, token },
    transports: ['websocket', 'polling'],
    forceNew: true,
  });
  socket.on('queue_update', show);
  socket.on('connection_success', () => connection(`watching ${robotId}`, 'on'));
  socket.on('disconnect', () => connection('connection lost, coming back …', 'bad'));
  socket.on('connect_error', (error) => {
    const { code, detail } = error.data ?? {};
    connection(code ? `refused: ${code}` : 'not reachable, trying again …', 'bad');
    if (code) say(detail, 'bad');
    // After a refusal the client library does not try again by itself.
    if (code === 'SERVICE_UNAVAILABLE' || code === 'RATE_LIMITED') setTimeout(() => socket.connect(), 2000);
  });
}

async function showRobots() {
  const { robots } = await fetch('/robots/status').then((answer) => answer.json());
  const buttons = Object.entries(robots ?? {}).map(([robotId, robot]) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.dataset.robotId = robotId;
    button.setAttribute('aria-pressed', String(robotId === $('robotId').value));
    const state = robot.live_paused
      ? 'paused'
      : robot.is_available
        ? 'free'
        : `driven by ${robot.current_user ?? 'someone'}`;
    const name = document.createElement('strong');
    name.textContent = robotId;
    button.append(name, `${state} · ${robot.queue_length} in line`);
    button.addEventListener('click', () => {
      $('robotId').value = robotId;
      if ($('userId').value && $('token').value) watch();
      void showRobots();
    });
    return button;
  });
  if (buttons.length) $('robots').replaceChildren(...buttons);
  else $('robots').textContent = 'No robots, or queue-service is away.';
}

async function act(path, extra) {
  if (!readFields()) return;
  const { robotId, userId } = teleop;
  try {
    const answer = await call(path, { robotId, userId, ...extra });
    say(answer.message ?? 'Done.', 'good');
  } catch (error) {
    say(error.message, 'bad');
  }
}

$('you').addEventListener('submit', (event) => {
  event.preventDefault();
  watch();
});
$('join').addEventListener('click', () => {
  if (!socket?.active) watch();
  void act('/queue/join');
});
$('leave').addEventListener('click', () => void act('/queue/leave'));

setInterval(() => shown.queue.length && draw(), 1000);
setInterval(() => void showRobots().catch(() => undefined), 5000);
void showRobots().catch(() => {
  $('robots').textContent = 'queue-service is away.';
});
if (readFragment()) watch();
