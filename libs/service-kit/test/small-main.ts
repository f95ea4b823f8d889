import { Controller, Get, Module } from '@nestjs/common';
import { commonSettings, loadConfigOrExit, runService, ServiceKitModule } from '@teleop/service-kit';

const config = loadConfigOrExit(commonSettings);

@Controller()
class SmallController {
  @Get('slow')
  async slow() {
    await new Promise((resolve) => setTimeout(resolve, 300));
    return { done: true };
  }

  @Get('stuck')
  stuck() {
    return new Promise(() => undefined);
  }

  @Get('boom')
  boom() {
    throw new Error('a bug');
  }

  @Get('reject')
  reject() {
    void Promise.reject(new Error('nobody waits for this'));
    return {};
  }

  @Get('rss')
  rss() {
    return { rss: process.memoryUsage().rss, modules: Object.keys(require.cache) };
  }
}

@Module({
  imports: [ServiceKitModule.forRoot({ name: 'queue-service', config })],
  controllers: [SmallController],
})
class SmallModule {}

void runService({ name: 'queue-service', module: SmallModule, platform: 'fastify', config });
