// Loaded before Microsoft's Agents Playground, which would otherwise listen on every network of this computer, tell its
// maker how it is used, and outlive whoever started it.
"use strict";
const http = require("node:http");
const net = require("node:net");

const HERE = "127.0.0.1";
const ONLY_HERE = `default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob: http://${HERE}:* ws://${HERE}:*`;

const isHere = (host) => host === undefined || host === "localhost" || host === "::1" || /^127(\.\d+){3}$/.test(host);

const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (port, ...rest) {
  return listen.call(this, { port, host: HERE }, rest.find((each) => typeof each === "function"));
};

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...given) {
  const [options] = Array.isArray(given[0]) ? given[0] : given;
  if (isHere(options.host)) {
    return connect.apply(this, given);
  }
  setImmediate(() => this.destroy(new Error("It stays on this computer.")));
  return this;
};

const writeHead = http.ServerResponse.prototype.writeHead;
http.ServerResponse.prototype.writeHead = function (...given) {
  this.setHeader("Content-Security-Policy", ONLY_HERE);
  return writeHead.apply(this, given);
};

process.stdin.on("end", () => process.exit()).resume();
