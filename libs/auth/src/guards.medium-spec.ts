import { Controller, Get, UseGuards, type INestApplication } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { AuthModule } from './auth.module';
import { CurrentUser } from './current-user';
import { InternalOnly } from './internal-token.guard';
import { claims, startIssuer, USER, type Issuer } from './jwks.spec-support';
import { JwtGuard } from './jwt.guard';
import { JwtSigner } from './jwt-signer';
import type { Principal } from './principal';
import { Roles } from './roles';

@Controller()
class Doors {
  @Get('anyone')
  @UseGuards(JwtGuard)
  anyone(@CurrentUser() user: Principal) {
    return { userId: user.userId, role: user.role };
  }

  @Get('admins')
  @Roles('Admin', 'Operator')
  @UseGuards(JwtGuard)
  admins() {
    return {};
  }

  @Get('internal')
  @InternalOnly()
  internal() {
    return {};
  }
}

describe.each([
  ['fastify', () => new FastifyAdapter()],
  ['express', () => new ExpressAdapter()],
] as const)('the guards on %s', (_, adapter) => {
  let app: INestApplication;
  let issuer: Issuer;
  let url: string;

  beforeAll(async () => {
    issuer = await startIssuer();
    const options = { jwtSecret: 'secret', internalToken: 'internal', jwksUrl: issuer.url };
    const module = await Test.createTestingModule({
      imports: [AuthModule.forRoot(options)],
      controllers: [Doors],
    }).compile();
    app = module.createNestApplication(adapter());
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
  });
  afterAll(async () => {
    await app.close();
    await issuer.close();
  });

  const call = async (path: string, token?: string) => {
    const response = await fetch(url + path, {
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const tokenOf = (role: 'Admin' | 'Operator' | 'Viewer') =>
    app.get(JwtSigner).sign({ sub: USER, name: 'Ann', role }, 60);

  it('let in who has a good token, of ours or of the issuer', async () => {
    expect(await call('/anyone', tokenOf('Viewer'))).toEqual({
      status: 200,
      body: { userId: USER, role: 'Viewer' },
    });
    expect((await call('/anyone', issuer.sign('ES256', claims()))).status).toBe(200);
  });

  it('answer 401 UNAUTHORIZED with the challenge to all others', async () => {
    for (const token of [
      undefined,
      'rubbish',
      'a.b.c',
      app.get(JwtSigner).sign({ sub: 'ann', name: 'Ann', role: 'Admin' }, 60),
    ]) {
      const { status, body } = await call('/anyone', token);
      expect([status, body['code']]).toEqual([401, 'UNAUTHORIZED']);
      expect(body['headers']).toEqual({ 'www-authenticate': 'Bearer' });
    }
  });

  it('answer 403 FORBIDDEN to a role that is not named', async () => {
    expect(await call('/admins', tokenOf('Viewer'))).toMatchObject({
      status: 403,
      body: { code: 'FORBIDDEN' },
    });
    expect((await call('/admins', tokenOf('Operator'))).status).toBe(200);
  });

  it('let only the internal token through internal doors', async () => {
    expect((await call('/internal', 'internal')).status).toBe(200);
    for (const token of [undefined, 'Internal', 'internal2', tokenOf('Admin')]) {
      expect((await call('/internal', token)).status).toBe(401);
    }
  });
});
