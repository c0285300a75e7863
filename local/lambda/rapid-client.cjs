// Stands for the native part of aws-lambda-ric, which is not built: the same three calls on the Runtime API over HTTP.
const http = require('node:http');

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
const agent = new http.Agent({ keepAlive: true });

function call(method, path, body) {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const request = http.request({
      host,
      port,
      agent,
      method,
      headers,
      path: `/2018-06-01/runtime/invocation/${path}`,
    });
    request.on('error', reject).on('response', (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk)).on('error', reject);
      response.on('end', () => resolve({ bodyJson: Buffer.concat(chunks).toString(), headers: response.headers }));
    });
    request.end(body);
  });
}

// Nobody awaits a post, and without the Runtime API there is nothing left to do.
const post = (path, body) => void call('POST', path, body).catch(() => process.exit(1));

module.exports = {
  next: () => call('GET', 'next'),
  done: (requestId, response) => post(`${requestId}/response`, response),
  error: (requestId, error) => post(`${requestId}/error`, error),
};
