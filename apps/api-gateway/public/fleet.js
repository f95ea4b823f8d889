'use strict';
/* Robots and their routes, live. Shares `fleet` with manual.js. */

const $ = (id) => document.getElementById(id);
const fleet = { jwt: '', name: '', role: '', robotId: '', robots: new Map(), onChange: () => undefined };
window.fleet = fleet;

const MAX_NOTES = 5;
let socket;

function say(text, kind = '') {
  $('message').textContent = text;
  $('message').dataset.kind = kind;
}
fleet.say = say;

function pill(element, text, state) {
  element.textContent = text;
  element.dataset.state = state;
}
fleet.pill = pill;

/** As the signed-in user; answers with the body, throws with what the service says. */
async function call(method, path, body) {
  const answer = await fetch(path, {
    method,
    headers: {
      authorization: `Bearer ${fleet.jwt}`,
      ...(body && { 'content-type': 'application/json' }),
    },
    body: body && JSON.stringify(body),
  });
  const json = await answer.json().catch(() => ({}));
  // Some of the robots' endpoints answer 200 whatever happened.
  if (!answer.ok || json.status === 'error')
    throw new Error(json.message ?? json.detail ?? `HTTP ${answer.status}`);
  return json;
}
fleet.call = call;
fleet.path = (path) => `${path}?${new URLSearchParams({ robotId: fleet.robotId })}`;

function cell(text, className) {
  const td = document.createElement('td');
  td.textContent = text;
  if (className) td.className = className;
  return td;
}

function drawFleet() {
  const robots = [...fleet.robots.values()].sort((a, b) => (a.robotId < b.robotId ? -1 : 1));
  const rows = robots.map((robot) => {
    const tr = document.createElement('tr');
    tr.dataset.robotId = robot.robotId;
    tr.dataset.version = String(robot.version);
    tr.classList.toggle('mine', robot.robotId === fleet.robotId);
    tr.append(
      cell(robot.robotId),
      cell(robot.robotConnected ? 'connected' : 'away', robot.robotConnected ? 'good' : 'muted'),
      cell(robot.driveMode),
      cell(`${Math.round(robot.batteryLevel)} %`, 'number'),
      cell(robot.position),
      cell(robot.manualLockHolderName ?? '–'),
    );
    tr.addEventListener('click', () => choose(robot.robotId));
    return tr;
  });
  $('fleet').replaceChildren(...rows);
  $('fleet-empty').hidden = rows.length > 0;
}

function drawChoice() {
  const ids = [...fleet.robots.keys()].sort();
  if ($('robot').options.length !== ids.length)
    $('robot').replaceChildren(...ids.map((robotId) => new Option(robotId, robotId)));
  $('robot').value = fleet.robotId;
  $('routes-robot').textContent = fleet.robotId;
  showNodes(fleet.robots.get(fleet.robotId)?.nodes ?? []);
}

/** A status without nodes does not take back what the robot said when it was asked. */
function showNodes(nodes) {
  if (nodes.length === 0) return;
  if ($('nodes').options.length !== nodes.length)
    $('nodes').replaceChildren(...nodes.map((node) => new Option(node)));
}

function choose(robotId) {
  if (fleet.robotId === robotId) return;
  fleet.robotId = robotId;
  $('nodes').replaceChildren();
  drawFleet();
  drawChoice();
  fleet.onChange('chosen');
  void showRoutes();
  void askNodes();
}

function show(update) {
  const known = fleet.robots.get(update.robotId);
  if (known && update.version <= known.version) return;
  fleet.robots.set(update.robotId, update);
  if (!fleet.robotId) choose(update.robotId);
  drawFleet();
  drawChoice();
  fleet.onChange('status');
}

function note({ robotId, message, priority, event }) {
  const item = document.createElement('li');
  item.dataset.priority = priority;
  item.textContent = `${robotId}: ${message || event}`;
  $('notes').prepend(item);
  while ($('notes').children.length > MAX_NOTES) $('notes').lastChild.remove();
  void showRoutes();
}

function watch() {
  socket?.close();
  pill($('connection'), 'connecting …', 'off');
  socket = window.io('/robots', {
    auth: { token: fleet.jwt },
    transports: ['websocket', 'polling'],
    forceNew: true,
  });
  socket.on('status_update', show);
  socket.on('robot_notification', note);
  socket.on('connect', () => pill($('connection'), 'watching all robots', 'on'));
  socket.on('unauthorized', () => say('Your hour is over: sign in again.', 'bad'));
  socket.on('disconnect', () => pill($('connection'), 'connection lost', 'bad'));
  socket.on('connect_error', (error) => {
    const { code, detail } = error.data ?? {};
    pill($('connection'), code ? `refused: ${code}` : 'not reachable, trying again …', 'bad');
    if (code) say(detail, 'bad');
    // After a refusal the client library does not try again by itself.
    if (code === 'SERVICE_UNAVAILABLE' || code === 'RATE_LIMITED') setTimeout(() => socket.connect(), 2000);
  });
}

/** What the token says of its bearer; services check it, a page may believe it. */
function claimsOf(jwt) {
  const bytes = Uint8Array.from(atob(jwt.split('.')[1].replaceAll('-', '+').replaceAll('_', '/')), (c) =>
    c.charCodeAt(0),
  );
  return JSON.parse(new TextDecoder().decode(bytes));
}

async function signIn() {
  if (!$('you').reportValidity()) return;
  const answer = await fetch('/auth/token', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${$('token').value.trim()}` },
    body: JSON.stringify({ userId: $('userId').value.trim() }),
  });
  const json = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(json.detail ?? json.error ?? `HTTP ${answer.status}`);
  fleet.jwt = json.token;
  const { name, role } = claimsOf(json.token);
  Object.assign(fleet, { name, role });
  pill($('role'), `${name}, ${role}`, 'on');
  say('');
  watch();
  fleet.onChange('signed in');
  $('add-route').disabled = role !== 'Admin';
  void showRoutes();
  void askNodes();
}

async function showRoutes() {
  if (!fleet.jwt || !fleet.robotId) return;
  const { robotId } = fleet;
  const routes = await call('GET', fleet.path('/routes')).catch(() => []);
  if (robotId !== fleet.robotId || !Array.isArray(routes)) return;
  const rows = routes.map((route) => {
    const tr = document.createElement('tr');
    tr.dataset.routeId = route.id;
    const remove = document.createElement('button');
    remove.type = 'button';
    remove.textContent = 'Remove';
    remove.disabled = fleet.role !== 'Admin';
    remove.addEventListener('click', () => act('DELETE', fleet.path(`/routes/${route.id}`)));
    const last = cell('', 'number');
    last.append(remove);
    tr.append(
      cell(route.start),
      cell(route.destination),
      cell(route.added_by),
      cell(new Date(route.added_at).toLocaleTimeString()),
      last,
    );
    return tr;
  });
  $('routes').replaceChildren(...rows);
  $('routes-empty').hidden = rows.length > 0;
}

/** Until somebody asks the robot for its nodes, its status has none. */
async function askNodes() {
  const { robotId } = fleet;
  if (!fleet.jwt || !robotId) return;
  const { nodes = [] } = await call('GET', fleet.path('/nodes')).catch(() => ({}));
  if (robotId === fleet.robotId) showNodes(nodes);
}

async function act(method, path, body) {
  try {
    await call(method, path, body);
    say('Done.', 'good');
  } catch (error) {
    say(error.message, 'bad');
  }
  await showRoutes();
}

$('you').addEventListener('submit', (event) => {
  event.preventDefault();
  signIn().catch((error) => say(error.message, 'bad'));
});
$('robot').addEventListener('change', () => {
  choose($('robot').value);
  // Or the arrow keys would go on choosing robots.
  $('robot').blur();
});
$('route').addEventListener('submit', (event) => {
  event.preventDefault();
  void act('POST', fleet.path('/routes'), {
    start: $('start').value.trim(),
    destination: $('destination').value.trim(),
  });
});
setInterval(() => void showRoutes(), 2000);

// Fields can come in the address' fragment: it is never sent to a server, so secrets stay out of logs.
const given = new URLSearchParams(location.hash.slice(1));
for (const id of ['userId', 'token']) if (given.get(id)) $(id).value = given.get(id);
fleet.robotId = given.get('robotId') ?? '';
