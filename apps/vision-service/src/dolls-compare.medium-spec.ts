import { frame, setupVision, type VisionSetup } from './service.spec-support';

describe('POST /vision/dolls_compare', () => {
  let s: VisionSetup;
  beforeAll(async () => {
    s = await setupVision();
  });
  afterAll(() => s.close());

  it('pays 100 points for each doll that was moved, after one look at each camera', async () => {
    const answer = await s.compare({
      robotId: 'arm1',
      controlToken: 'turn-1',
      views: {
        cam1: { start: await frame({ left: 3, right: 0 }), end: [await frame({ left: 1, right: 2 })] },
        cam2: { start: [await frame({ left: 2, right: 2 })], end: await frame({ left: 2, right: 2 }) },
      },
    });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      success: true,
      status: 'success',
      model: 'gpt-5.1-mini',
      success_count: 2,
      reward_points: 200,
      views: {
        cam1: { start: { left: 3, right: 0 }, end: { left: 1, right: 2 } },
        cam2: { start: { left: 2, right: 2 }, end: { left: 2, right: 2 } },
      },
    });
    expect(answer.body.attempts).toHaveLength(1);
    expect(s.model.calls).toHaveLength(2);
  });
});
