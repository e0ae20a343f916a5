// Prints requests as libraries of others write and sign them: JSON with headers and
// body. Arguments: a secret, and an event in structured mode.
const {Webhook} = require("standardwebhooks");
const {Webhook: Svix} = require("svix");
const {CloudEvent, HTTP} = require("cloudevents");

const [secret, text] = process.argv.slice(1);
const given = JSON.parse(text);
const requests = [];
for (const [name, Signer] of Object.entries({standardwebhooks: Webhook, svix: Svix})) {
    for (const mode of ["structured", "binary"]) {
        const id = `js-${name}-${mode}`;
        const event = new CloudEvent({...given, id, data: {...given.data, id}});
        const {body, headers} = HTTP[mode](event);
        const moment = new Date();
        requests.push({
            body,
            headers: {
                ...headers,
                "Webhook-Id": `msg_${id}`,
                "Webhook-Timestamp": String(Math.floor(moment / 1000)),
                "Webhook-Signature": new Signer(secret).sign(`msg_${id}`, moment, body),
            },
        });
    }
}
process.stdout.write(JSON.stringify(requests));
