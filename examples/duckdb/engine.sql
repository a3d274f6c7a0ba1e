-- What the views need of DuckDB, between reports.sql and figures.sql.

create or replace view clock as select current_date as today;

create or replace macro capped(n) as least(n, 9007199254740991)::bigint;

create or replace macro days_between(first, last) as last - first;

create or replace view policies as
  select source, position, digest, day, days, reporter, trust, p.*
  from (select *, unnest(policies) as p from reports);

create or replace view totals_of_reports as
  select digest, report_id, subject, inferred, day, days, reporter, trust, t.*
  from (select *, unnest(totals) as t from reports where is_shadowed = 0);

create or replace view failures_of_reports as
  select digest, report_id, subject, inferred, day, days, reporter, trust, f.*
  from (select *, unnest(failures) as f from reports where is_shadowed = 0);
