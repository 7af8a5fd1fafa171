// The articles of the tests: all of them invented. The same at every run.
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Numbers that look random, the same at every run (mulberry32). */
function numbers(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const SOURCES = ["Halden Courier", "Northern Wire", "Skarvoy Post", "The Ledger", "Gull Rock Gazette", "Castle Hill News",
  "Nordvik Evening Star", "Plain & Harvest", "Harbour Review", "The Tug", "Inner Islands Weekly", "Lantern", "The Breakwater"];
const BYLINES = ["Mara Lindqvist", "Ole Brandt", "Edda Voss", "Petter Moe", "Oda Lien", "Signe Holm", "Jonas Rud", "Anna-Karin Holt",
  "Tom O’Brien", "Lise Berg", "Henrik Dahl", "Runa Solli", "Karl Nygaard"];
const DESKS = ["Local", "Business", "Culture", "Sport", "Letters"];
const HEADINGS = ["The dispute", "What it costs the town", "What happens next?", "Background", "On the quay", "In the council",
  "Voices from the islands", "A second look", "The figures", "An old quarrel", "After the storm", "Who pays?", "The long way round"];
const TITLES = ["Ferry to {place} sails again", "Council votes on a plan for {place}", "Harbour dues rise in {place}", "{place} asks for a doctor",
  "Mediator returns to {place}", "Night trains to {place} come back", "Fishermen of {place} count their nets", "A new roof for {place}",
  "{place} counts its winter", "The tram reaches {place}"];
const PLACES = ["Halden", "Skarvoy", "Nordvik", "Gull Rock", "Castle Hill", "the plain", "the inner islands", "Tollgate"];
const SENTENCES = `The harbour master closed the western basin for {n} days.
Dockers and crane drivers met in the canteen before dawn.
A strike would cost the port company {n} thousand crowns a day.
The union said that the offer was an insult to the night shift.
Nobody in {place} remembers a winter with so little ice.
The ferry {a} sailed {n} minutes late and returned empty.
Shopkeepers in {place} put their chairs into the street in protest.
The council adjourned twice before it found a majority.
Grain prices fell for the {n}th week, the exchange reported.
An engineer measured the pier and found {n} cracks.
The bakery opened at four, as it has since the war.
Pupils wrote {n} letters to the minister and got one answer.
A fisherman showed a net that had been cut in {n} places.
The museum will lend its silver to {place} for the summer.
The library bought shelves that stand {n} centimetres above the floor.
The mayor refused to say who had signed the contract.
Commuters waited on the hill while the number nine bus stood still.
The pilots’ office warned of fog until the weekend.
A letter from 1911 proposes the same line over the bridge.
The chamber of commerce counts {n} empty shops near the quay.
The oil embargo has kept the refinery at a third of its output.
Tug crews joined the strike on the morning of the vote.
The storm took {n} roofs and the light of the outer beacon.
The agricultural office speaks of {n} tonnes a hectare.
The choir of {place} sang on the stairs of the town hall.
Two judges heard the mediator behind closed doors.
The new timetable has {n} crossings in place of twelve.
A reader asks why the clock of the customs house is slow.
The cold store is full and the fish market half empty.
The swimming teacher tied a rope around each of {n} children.
The cup final was decided by a header in the last minute.
The petition against the quarry has {n} hundred names.
The lighthouse keeper writes that the lamp can be seen from {place}.
The court gave both sides until spring to agree.
The price of a crossing rises by {n} per cent.
Volunteers carried {n} boxes of parish records up the hill.
The school doctor found that half of every tray was left.
Farmers drove their tractors to {place} and back again.
The county promises money for {n} kilometres of road.
The orchestra lost its hall and plays in the fish market.
The auditors could not find the bill for the second crane.
An old dispute about the breakwater came up once more.
The bishop blessed a trawler that had been stolen in May.
The electricity failed in {n} streets on Thursday.
Hikers met a wolf below the dam and took its picture.
The theatre cancels its matinee for want of a prompter.
The hospital boat got a second engine and a nurse.
The brewery buys barley from {place} for the first time.`.split("\n");

const SHIPS = ["Alma", "Borghild", "Skarv", "Lodestar"];

function pick(next, list) {
  return list[Math.floor(next() * list.length)];
}

function filled(next, text) {
  return text.replace("{place}", () => pick(next, PLACES)).replace("{n}", () => String(2 + Math.floor(next() * 90))).replace("{a}", () => pick(next, SHIPS));
}

function pad(number) {
  return String(number).padStart(2, "0");
}

function paragraph(next, left, length) {
  const out = [];
  for (let i = 0; i < length; i++) out.push(filled(next, left.splice(Math.floor(next() * left.length), 1)[0]));
  return out.join(" ");
}

/** A folder of a daily newspaper's years: facts above, sections below. */
function daily(folder) {
  const next = numbers(7);
  for (let i = 0; i < 140; i++) {
    // Some years have many articles, and some have none.
    const year = i < 6 ? 1994 : 2018 + Math.floor(next() ** 0.6 * 7);
    const date = `${year}-${pad(1 + Math.floor(next() * 12))}-${pad(1 + Math.floor(next() * 28))}`;
    const title = filled(next, pick(next, TITLES)).replace(/^the /, "The ");
    const left = [...SENTENCES];
    const lines = ["---", `title: "${title}"`, `date: ${date}`, `source: "${pick(next, SOURCES)}"`, `author: "${pick(next, BYLINES)}"`,
      `section: "${pick(next, DESKS)}"`, `tags: [harbour, ${pick(next, ["council", "ferry", "prices", "sea"])}]`, `url: "https://courier.example.org/${date}/${i}"`, "---", "",
      paragraph(next, left, 2), "", paragraph(next, left, 2)];
    const heads = [...HEADINGS];
    for (let s = 0; s < 2 + Math.floor(next() * 2); s++) {
      lines.push("", `## ${heads.splice(Math.floor(next() * heads.length), 1)[0]}`, "", paragraph(next, left, 3), "", paragraph(next, left, 2));
    }
    write(join(folder, String(year), `${date}-${i}.md`), `${lines.join("\n")}\n`);
  }
}

function write(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

const STORY = `Seven barges broke loose in the lock of Tollgate on Friday night and blocked the channel for eleven hours. Nobody was hurt, but the morning boat to Skarvoy had to turn back with two hundred passengers on board.

The lock keeper, Runa Solli, noticed the drifting barges at half past two. She rang the bell of the old customs house, as her grandmother had done in the flood of 1953, because the telephone line was dead.

## The chain that broke

An inspector found that a chain link had rusted through. The chain had been inspected in spring and declared sound for another five years, according to papers that the port company published on Saturday.

## Who pays for the barges

The insurers of three owners met in the harbour office. They expect that the repair of the lock gates alone will cost four million crowns, and that the quarrel about the bill will last longer than the work.
`;

/** Prints of one story that differ in a few words. */
function reprints(folder) {
  const prints = [
    ["tollgate-courier", "Barges break loose in Tollgate lock", "Halden Courier", "2023-05-13", (text) => text],
    ["tollgate-wire", "Seven barges adrift at Tollgate", "Northern Wire", "2023-05-13", (text) => text.replace("eleven hours", "nearly twelve hours").replace("two hundred passengers", "some 190 passengers")],
    ["tollgate-post", "Barges break loose in Tollgate lock", "Skarvoy Post", "2023-05-14", (text) => text.replace("Nobody was hurt, but the", "One deckhand was bruised, and the").replace("four million crowns", "five million crowns")],
    ["tollgate-ledger", "Lock keeper rang the old bell", "The Ledger", "2023-05-15", (text) => text.replace("in spring", "in April by the county")],
  ];
  for (const [name, title, source, date, change] of prints)
    write(join(folder, `${name}.md`), `---\ntitle: "${title}"\nsource: "${source}"\ndate: ${date}\nauthor: "Signe Holm"\n---\n\n${change(STORY)}`);
}

function languages(folder) {
  write(join(folder, "ar", "mina.md"), `---
title: "إضراب الميناء يدخل أسبوعه الثاني"
source: "بريد هالدن"
date: 2023-09-13
lang: ar
author: "ليلى منصور"
---

ظل عمال الميناء في هالدن بعيدين عن العمل لليوم الثامن يوم الثلاثاء، ولا تلوح نهاية للإضراب في الأفق. وترسو سبع عشرة سفينة قبالة حاجز الأمواج.

## الخلاف

تطالب النقابة بأسبوع عمل من ست وثلاثين ساعة وبزيادة قدرها ستة في المئة. وتعرض شركة الميناء ثلاثة في المئة فقط.

## ماذا بعد؟

سيلتقي الوسيط الطرفين يوم الخميس في دار البلدية. وإذا فشل فستنضم أطقم القاطرات إلى إضراب الميناء.
`);
  write(join(folder, "ar", "jisr.md"), `---
title: "إغلاق الجسر القديم أمام حركة المرور"
source: "بريد هالدن"
date: 2023-03-02
lang: ar
---

أغلق الجسر القديم بعد أن وجد الغواصون شقا في دعامته الثالثة. ويقول المهندسون إنهم يحتاجون إلى عشرة أيام. ويخشى تجار الميناء خسارة الموسم.
`);
  write(join(folder, "he", "namal.md"), `---
title: "שביתת הנמל נכנסת לשבוע השני"
source: "דואר הלדן"
date: 2023-09-14
lang: he
author: "דנה לוי"
---

עובדי הנמל בהלדן לא הגיעו לעבודה גם ביום השמיני, וסוף השביתה אינו נראה באופק. שבע עשרה אוניות עוגנות מול שובר הגלים.

## הסכסוך

האיגוד דורש שבוע עבודה של שלושים ושש שעות ותוספת של שישה אחוזים. חברת הנמל מציעה שלושה אחוזים בלבד.
`);
  write(join(folder, "zh", "gangkou.md"), `---
title: "港口罢工结束"
source: "哈尔登邮报"
date: 2023-09-22
lang: zh
---

码头工人星期三晚上以多数票接受了调解人的建议，港口罢工结束。第一批起重机在黎明前开始工作。

## 协议

工资提高百分之四点五，从新年起每周工作时间减少到三十七小时。
`);
  write(join(folder, "ja", "minato.md"), `---
title: "港湾ストライキが二週目に"
source: "ハルデン新報"
date: 2023-09-12
lang: ja
---

ハルデン港の労働者は火曜日も仕事をせず、港湾ストライキは二週目に入った。十七隻の船が防波堤の沖に停泊している。

## 争点

組合は週三十六時間の労働と六パーセントの賃上げを求めている。
`);
}

function odd(folder) {
  const turns = [["MS. VOSS", "I thank both sides for coming to the town hall at this hour."], ["MR. BRANDT", "We are here because the strike has gone on for nine days."],
    ["MS. LIEN", "The company has put a fair offer on the table. The union has not read it."], ["MR. BRANDT", "We have read it. It is two pages, and one of them is blank."],
    ["MS. VOSS", "Then let us begin with the page that is not blank."], ["MS. LIEN", "Agreed. The strike fund is the first point."]];
  write(join(folder, "hearing.md"), `---\ntitle: "Hearing on the harbour strike: a transcript"\nsource: "Harbour Review"\ndate: 2023-09-15\n---\n\n${turns.map(([who, what]) => `${who}: ${what}`).join("\n\n")}\n`);
  const sections = Array.from({ length: 30 }, (_, i) => `## Chapter ${i + 1}: ${HEADINGS[i % HEADINGS.length]}\n\n${filled(numbers(i + 1), SENTENCES[i])} The barometer of the customs house stood at ${720 + i} that day, and the keeper wrote it down.`);
  write(join(folder, "thirty-sections.md"), `---\ntitle: "The keeper’s year in thirty chapters"\nsource: "Lantern"\ndate: 2022-12-31\nauthor: "Karl Nygaard"\n---\n\nThe keeper of the barometer wrote a line a day.\n\n${sections.join("\n\n")}\n`);
  write(join(folder, "wrapped.md"), `---\ntitle: "Piers measured anew"\nsource: "Lantern"\ndate: 2022-05-06\n---\n
The engineers of the county measured the piers of the outer
basin for the third time, and the oyster
catcher that nests there did not leave its eggs while they
worked below it with their lamps and their long chains.

They will come back in autumn, when the water is low and the
basin is closed to the boats of the pilots.

Stone by stone,
tide by tide.
`);
  write(join(folder, "no-date.md"), "---\ntitle: \"A recipe without a day\"\nsource: \"Lantern\"\n---\n\nTake the rye loaf of the harbour bakery and leave it for a night. The strike of the clock tells when it is done.\n");
  write(join(folder, "no-title.jsonl"), `${JSON.stringify({ text: "A note that nobody signed lay on the quay. It spoke of a quokka that had come by ship.", date: "2021-04-03" })}\n`);
  write(join(folder, "no-facts.jsonl"), `${JSON.stringify({ text: "The harbour lay still. No one wrote down when, or for whom, and the narwhal was not seen again." })}\n`);
  write(join(folder, "page.html"), `<!DOCTYPE html><html lang="en"><head><title>Weather ship comes home | Halden Courier</title><meta name="author" content="Lise Berg"><meta property="article:published_time" content="2023-11-02"></head>
<body><nav><a href="/">Front page</a> <a href="/sport">Sport</a></nav><article><h1>Weather ship comes home</h1><p>The weather ship Lodestar came home to Halden after ninety days at sea. Her crew had measured the storm of October from inside and lost two anemometers to it.</p><p>She will sail again in spring, if the harbour strike is over and the county pays for new masts.</p><h2>What she saw</h2><p>The log speaks of waves of fourteen metres and of a bird that nobody on board could name.</p><p>Subscribe to our newsletter</p><p>Share this article on Facebook</p><p>© 2023 Halden Courier. All rights reserved.</p></article></body></html>\n`);
  write(join(folder, "broken.pdf"), "%PDF-1.4 this is no document\n");
}

/** Writes all articles below a folder; the samples of the project stand beside them. */
export function writeArticles(folder, root) {
  cpSync(join(root, "corpus"), join(folder, "corpus"), { recursive: true });
  daily(join(folder, "courier"));
  reprints(join(folder, "reprints"));
  languages(join(folder, "world"));
  odd(join(folder, "odd"));
}
