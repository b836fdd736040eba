import createClient from 'openapi-fetch';
import type { paths } from '../../../../contracts/generated/openapi.js';

/** A client as other programs generate it: types from the OpenAPI document, and a library that sends what they describe. */
export const generatedClient = (baseUrl: string) => {
  const client = createClient<paths>({ baseUrl });
  let token: string | undefined;
  client.use({
    onRequest: ({ request }) => {
      if (token !== undefined) request.headers.set('authorization', `Bearer ${token}`);
      return request;
    },
  });
  return {
    register: (email: string, name: string, password: string) =>
      client.POST('/auth/register', { body: { email, name, password } }),
    registerWithPicture: (person: { email: string; name: string; password: string }, picture: Blob) =>
      client.POST('/auth/register', { body: { ...person, picture }, bodySerializer: asForm }),
    confirm: (mailed: string, password: string) => client.POST('/auth/confirm', { body: { token: mailed, password } }),
    logIn: async (email: string, password: string) => {
      const answer = await client.POST('/auth/login', { body: { email, password } });
      token = answer.data?.accessToken;
      return answer;
    },
    readUser: (consistencyToken?: string | null) =>
      client.GET('/user', {
        params: { header: consistencyToken ? { 'X-Consistency-Token': consistencyToken } : {} },
      }),
    rename: (name: string, etag: string) =>
      client.PUT('/user', { params: { header: { 'If-Match': etag } }, body: { name } }),
    sendPicture: (picture: Blob, name: string) =>
      client.PUT('/user', { body: { picture, name }, bodySerializer: asForm }),
    removePicture: () => client.DELETE('/user/picture'),
    searchUsers: (search: string) => client.GET('/users', { params: { query: { search, limit: 10 } } }),
    suspend: (id: string, reason: string) =>
      client.POST('/users/{id}/suspension', { params: { path: { id } }, body: { reason } }),
  };
};

const asForm = (fields: object | undefined): FormData => {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields ?? {})) form.set(name, value);
  return form;
};
