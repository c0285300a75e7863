import { ServiceError } from '../types.ts';
import type { Action, ServiceRequest } from './action.ts';

const objectActions: Readonly<Record<string, string>> = {
  GET: 's3:GetObject',
  HEAD: 's3:GetObject',
  PUT: 's3:PutObject',
  // Parts of a multipart upload are created and completed by POST.
  POST: 's3:PutObject',
  DELETE: 's3:DeleteObject',
};

export type HasObject = (bucket: string, key: string) => boolean;

/**
 * Path style, as every client on this machine uses. A copy also reads its source; to be told that an object is missing
 * takes the right to list.
 */
export function s3Actions(request: ServiceRequest, has: HasObject): readonly Action[] {
  const { method, path, query, headers } = request;
  const [bucket = '', ...key] = path.slice(1).split('/').map(decodeURIComponent);
  if (bucket === '') return [{ action: 's3:ListAllMyBuckets', resource: '*' }];
  if (key.join('/') === '') return [bucketAction(method, bucket, new URLSearchParams(query))];
  const action = objectActions[method];
  if (action === undefined)
    throw new ServiceError('MethodNotAllowed', `S3 ${method} is not mapped to a permission`, 405);
  const acl = headers['x-amz-acl'];
  const own: Action = {
    action,
    resource: `arn:aws:s3:::${bucket}/${key.join('/')}`,
    ...(typeof acl === 'string' && { context: { 's3:x-amz-acl': acl } }),
  };
  if (action === 's3:GetObject' && !has(bucket, key.join('/')))
    return [own, { action: 's3:ListBucket', resource: `arn:aws:s3:::${bucket}` }];
  const source = headers['x-amz-copy-source'];
  if (typeof source !== 'string') return [own];
  const copied = decodeURIComponent(source)
    .replace(/^\//, '')
    .replace(/\?versionId=.*$/, '');
  return [own, { action: 's3:GetObject', resource: `arn:aws:s3:::${copied}` }];
}

function bucketAction(method: string, bucket: string, query: URLSearchParams): Action {
  const resource = `arn:aws:s3:::${bucket}`;
  if (method === 'POST' && query.has('delete')) return { action: 's3:DeleteObject', resource: `${resource}/*` };
  if (method === 'PUT') return { action: 's3:CreateBucket', resource };
  if (method === 'DELETE') return { action: 's3:DeleteBucket', resource };
  return { action: 's3:ListBucket', resource, context: { 's3:prefix': query.get('prefix') ?? '' } };
}
