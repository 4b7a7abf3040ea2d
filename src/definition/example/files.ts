import { writeJsonSchema } from '../json_schema.ts';
import { DESTINATIONS_YAML } from './destinations.ts';
import { productYaml } from './product.ts';
import { RULES_YAML } from './rules.ts';
import { SEGMENTS_YAML } from './segments.ts';

/** The name of the fictional company whose model ships as the example. */
const EXAMPLE_NAME = 'Acme Analytics';

/** The text of the commented `bellwether.yaml` that `init` writes: a fictional product, and every default in full. */
export function writeDefaultModel(name: string = EXAMPLE_NAME): string {
  const quoted = /^[A-Za-z][A-Za-z0-9 ]*$/.test(name) ? name : JSON.stringify(name);
  return [productYaml(quoted), RULES_YAML, SEGMENTS_YAML, DESTINATIONS_YAML].join('');
}

/** A small file of the example workspace. */
export interface SampleFile {
  /** Relative to the model file. */
  readonly path: string;
  readonly text: string;
}

const FIRST_DAY = Date.UTC(2026, 0, 1);
const DAYS = 90;
const MS_PER_HOUR = 3_600_000;

/** Who does what: every so many days within a span of days, these events in a row. */
interface Habit {
  readonly user: string;
  readonly account: string;
  readonly every: number;
  readonly from: number;
  readonly to: number;
  readonly events: readonly string[];
}

const HABITS: readonly Habit[] = [
  {
    user: 'u1',
    account: 'a1',
    every: 1,
    from: 2,
    to: 90,
    events: ['login', 'report_opened', 'report_created', 'report_shared', 'report_exported'],
  },
  {
    user: 'u2',
    account: 'a1',
    every: 2,
    from: 5,
    to: 90,
    events: ['login', 'dashboard_viewed', 'report_opened', 'report_created', 'report_exported'],
  },
  {
    user: 'u3',
    account: 'a1',
    every: 2,
    from: 9,
    to: 90,
    events: ['automation_run', 'data_refreshed', 'report_opened', 'report_created', 'report_exported'],
  },
  {
    user: 'u4',
    account: 'a2',
    every: 3,
    from: 1,
    to: 90,
    events: ['login', 'report_opened', 'report_created', 'report_exported'],
  },
  { user: 'u5', account: 'a2', every: 4, from: 3, to: 90, events: ['login', 'dashboard_viewed'] },
  {
    user: 'u6',
    account: 'a3',
    every: 1,
    from: 1,
    to: 60,
    events: ['login', 'report_opened', 'report_created', 'report_exported'],
  },
  { user: 'u7', account: 'a3', every: 2, from: 4, to: 62, events: ['login', 'dashboard_viewed', 'alert_created'] },
  { user: 'u8', account: 'a4', every: 7, from: 1, to: 20, events: ['login', 'page_viewed', 'help_article_opened'] },
];

/** Files beside the example model: its JSON Schema for editors, and tiny data: four accounts, eight users, ninety days, one of everything. */
export function sampleFiles(): readonly SampleFile[] {
  return [
    { path: 'bellwether.schema.json', text: writeJsonSchema() },
    {
      path: 'data/accounts.csv',
      text: `account_id,name,domain,employees,industry,country,tech_stack,addressable_seats,created
a1,Northwind Freight,northwind.example,1200,logistics,DE,snowflake;salesforce,400,2026-01-01
a2,Lumen Pay,lumenpay.example,180,fintech,GB,postgres,60,2026-01-01
a3,Tidepool Retail,tidepool.example,320,retail,US,bigquery;hubspot,90,2026-01-01
a4,Corner Books,cornerbooks.example,12,retail,US,,10,2026-01-01
`,
    },
    {
      path: 'data/users.csv',
      text: `user_id,account_id,email,role,seniority,department,is_sponsor,is_champion
u1,a1,ada@northwind.example,analyst,individual,finance,0,1
u2,a1,bo@northwind.example,director,vp,finance,1,0
u3,a1,cy@northwind.example,engineer,individual,operations,0,0
u4,a2,di@lumenpay.example,founder,founder,product,1,1
u5,a2,ed@lumenpay.example,analyst,individual,product,0,0
u6,a3,fay@tidepool.example,manager,manager,sales,1,1
u7,a3,gil@tidepool.example,analyst,individual,sales,0,0
u8,a4,hal@cornerbooks.example,owner,founder,,1,0
`,
    },
    { path: 'data/events.csv', text: eventsCsv() },
    {
      path: 'data/contracts.csv',
      text: `contract_id,account_id,starts,term_ends,ends,arr,seats,kind,plan
c1,a1,2026-01-01,2027-01-01,,120000,200,paid,enterprise
c2,a2,2026-01-05,2027-01-05,,18000,20,paid,team
c3,a3,2026-01-03,2026-07-03,,30000,30,paid,team
c4,a4,2026-01-02,2027-01-02,,600,2,paid,starter
`,
    },
    {
      path: 'data/tickets.csv',
      text: `ticket_id,account_id,opened,closed,priority,user_id,theme
t1,a3,2026-02-20,2026-02-22,high,u6,refresh fails
t2,a3,2026-02-26,,high,u6,refresh fails
t3,a2,2026-02-02,2026-02-03,low,u5,permissions
`,
    },
    {
      path: 'data/nps.csv',
      text: `account_id,time,score,user_id,comment
a1,2026-03-10,9,u1,The weekly report writes itself
a2,2026-03-12,8,u4,
a3,2026-03-11,5,u6,Refreshes fail too often
`,
    },
    {
      path: 'data/needs.csv',
      text: `account_id,job,time,maturity,decision_process,second_job,source,quote
a1,platform,2026-01-08,replacing,committee,workflow_automation,interview,We wanted one place for all numbers
a2,reporting,2026-01-09,new,champion,,onboarding,The board asks every month
a3,monitoring,2026-01-10,replacing,champion,reporting,sales,We always notice too late
`,
    },
  ];
}

function eventsCsv(): string {
  const setUp = ['a1,u1', 'a2,u4', 'a3,u6', 'a4,u8'].flatMap((ids, index) => {
    const [account = '', user = ''] = ids.split(',');
    const events = index < 3 ? ['workspace_created', 'data_connected', 'user_invited'] : ['workspace_created'];
    return events.map((event, step) => eventLine(event, user, account, 0, 9 + step));
  });
  const habits = HABITS.flatMap((habit) => {
    const lines: string[] = [];
    for (let day = habit.from; day < Math.min(habit.to, DAYS); day += habit.every) {
      habit.events.forEach((event, step) => {
        lines.push(eventLine(event, habit.user, habit.account, day, 9 + step));
      });
    }
    return lines;
  });
  const lines = [...setUp, ...habits].map((line, index) => `m${index + 1},${line}`);
  return `message_id,event,time,user_id,account_id,properties\n${lines.join('\n')}\n`;
}

function eventLine(event: string, user: string, account: string, day: number, hour: number): string {
  const time = new Date(FIRST_DAY + (day * 24 + hour) * MS_PER_HOUR).toISOString();
  const properties = event === 'report_exported' ? '"{""status"":""success""}"' : '';
  return `${event},${time},${user},${account},${properties}`;
}
