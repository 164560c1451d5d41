// A session of the published SDK, told by the test that runs it: node session.mjs '{"url": …, …}'.
//
// The API's address is the SDK's own option `baseUrl`. The token's address is written into the SDK, and bytes
// come to it as text: both are set right by one interceptor of the HTTP library it uses, the requests being its own.

import { createHash } from "node:crypto";
import axios from "axios";
import { TeamChatS2SAuthClient } from "@zoom/rivet/teamchat";

const told = JSON.parse(process.argv[2]);
const asked = [];

axios.interceptors.request.use((config) => {
  if (config.url === "https://zoom.us/oauth/token") {
    config.url = `${told.url}/oauth/token`;
  }
  if (config.url.endsWith("/files/download")) {
    config.responseType = "arraybuffer";
  }
  config.proxy = false;
  asked.push(`${config.method} ${config.url}`.replace(told.url, ""));
  return config;
});

const { endpoints } = new TeamChatS2SAuthClient({
  clientId: "app",
  clientSecret: "secret",
  accountId: "acme",
  disableReceiver: true,
  baseUrl: `${told.url}/v2`,
});

async function* pages(endpoint, { path, query }) {
  let token = "";
  do {
    const { data } = await endpoint({ path, query: { ...query, ...(token && { next_page_token: token }) } });
    yield data;
    token = data.next_page_token;
  } while (token);
}

async function messagesOf(sessionId) {
  const found = [];
  const query = { from: told.from, to: told.to, page_size: 10 };
  for await (const page of pages(endpoints.reports.getChatMessageReports, { path: { sessionId }, query })) {
    found.push(page.messages.map((one) => one.message));
  }
  return found;
}

async function reports() {
  const query = { from: told.from, to: told.to, page_size: 1 };
  const sessions = [];
  for await (const page of pages(endpoints.reports.getChatSessionsReports, { query })) {
    sessions.push(page.sessions.map((one) => one.id));
  }
  return { sessions, messages: await messagesOf(told.sessionId) };
}

async function matter() {
  const { legalHold } = endpoints;
  const body = { matter_name: "Northwind", identifiers: [told.custodian], start_date: told.holdFrom };
  const made = await legalHold.addLegalHoldMatter({ body });
  const path = { matterId: made.data.matter_id };
  await legalHold.updateLegalHoldMatter({ path, body: { matter_name: "Southwind" } });
  const listed = await legalHold.listLegalHoldMatters({ query: { page_size: 100 } });
  await axios.post(`${told.url}/_sandbox/clock`, { advance_seconds: 600 }); // the zips take a while
  const files = await legalHold.listLegalHoldFilesByGivenMatter({ path, query: { identifier: told.custodian } });
  const ready = files.data.data.find((one) => one.ready_for_download);
  const query = { file_key: ready.file_key };
  const zip = await legalHold.downloadLegalHoldFilesForGivenMatter({ path, query });
  const deleted = await legalHold.deleteLegalHoldMatters({ path });
  const left = await legalHold.listLegalHoldMatters({ query: {} });
  return {
    names: listed.data.legal_hold_matters.map((one) => one.matter_name),
    key: ready.file_key,
    announced: ready.total_file_size,
    size: zip.data.byteLength,
    sha256: createHash("sha256").update(Buffer.from(zip.data)).digest("hex"),
    statuses: [made.statusCode, zip.statusCode, deleted.statusCode],
    left: left.data.legal_hold_matters.length,
  };
}

async function retention() {
  const path = { channelId: told.channelId };
  const cloud = { enable_custom_retention: true, retention_period: "6m" };
  const { chatChannelsAccountLevel: channels } = endpoints;
  const set = await channels.updateRetentionPolicyOfChannel({ path, body: { cloud_retention: cloud } });
  const { data } = await channels.getRetentionPolicyOfChannel({ path });
  return { status: set.statusCode, cloud: data.cloud_retention };
}

async function sending() {
  const body = { message: "sent by the vendor's SDK", to_channel: told.channelId };
  const { data, statusCode } = await endpoints.chatMessages.sendChatMessage({ path: { userId: "me" }, body });
  return { id: data.id, statusCode, texts: (await messagesOf(told.sessionId)).flat() };
}

async function refusal() {
  try {
    await endpoints.legalHold.updateLegalHoldMatter({ path: { matterId: "none" }, body: { matter_name: "x" } });
  } catch (error) {
    return error.message;
  }
}

console.log(
  JSON.stringify({
    reports: await reports(),
    matter: await matter(),
    retention: await retention(),
    sending: await sending(),
    refusal: await refusal(),
    asked,
  }),
);
