import { ADMINISTRATOR, type TestApp } from './app.js';

/** The administrator's `Authorization` header, for requests that supertest cannot make: streams in either direction. */
export async function accessToken(app: TestApp): Promise<string> {
  await app.asAdmin();
  const { body } = await app.http.post('/v1/sessions').send({ email: ADMINISTRATOR.email, password: ADMINISTRATOR.password }).expect(201);
  return `Bearer ${String(body.accessToken)}`;
}
