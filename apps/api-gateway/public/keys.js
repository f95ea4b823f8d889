'use strict';
/* Arrow keys and the pad on the page, as velocities: shared by both pages. */

/**
 * Calls `send(linear, angular)` ten times a second while a key is down, and once more after the last: 0/0 stops the robot at
 * once, before its own dead man's switch would. `active()` says whether keys count now, `ready()` whether a frame can go out:
 * a key that went down a moment too early counts from when it can.
 */
function driveKeys({ pad, speed, active, ready, send }) {
  const FRAME_MS = 100;
  const pressed = new Set();
  let moving = false;
  const axis = (plus, minus) => (pressed.has(plus) ? speed : 0) - (pressed.has(minus) ? speed : 0);

  function tick() {
    if (!ready() || (pressed.size === 0 && !moving)) return;
    moving = pressed.size > 0;
    send(axis('ArrowUp', 'ArrowDown'), axis('ArrowLeft', 'ArrowRight'));
  }

  function press(key, down) {
    if (down) pressed.add(key);
    else pressed.delete(key);
    pad.querySelector(`[data-key="${key}"]`)?.classList.toggle('down', down);
    tick();
  }

  function release() {
    for (const key of [...pressed]) press(key, false);
  }

  for (const type of ['keydown', 'keyup']) {
    addEventListener(type, (event) => {
      const writing = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
      if (!active() || !event.key.startsWith('Arrow') || writing) return;
      event.preventDefault();
      if (!event.repeat) press(event.key, type === 'keydown');
    });
  }
  addEventListener('blur', release);
  for (const button of pad.querySelectorAll('button')) {
    button.addEventListener('pointerdown', () => press(button.dataset.key, true));
    for (const type of ['pointerup', 'pointerleave']) {
      button.addEventListener(
        type,
        () => pressed.has(button.dataset.key) && press(button.dataset.key, false),
      );
    }
  }
  setInterval(tick, FRAME_MS);
  return { release };
}
window.driveKeys = driveKeys;
