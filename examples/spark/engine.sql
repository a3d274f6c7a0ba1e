-- What the views need of Spark 4, between reports.sql and figures.sql.

create or replace view clock as select current_date() as today;

create or replace temporary function capped(n decimal(38, 0)) returns bigint
  return cast(least(n, 9007199254740991) as bigint);

create or replace temporary function days_between(first date, last date) returns int return datediff(last, first);

create or replace view policies as
  select source, position, digest, day, days, reporter, trust, p.*
  from reports lateral view explode(policies) as p;

create or replace view totals_of_reports as
  select digest, report_id, subject, inferred, day, days, reporter, trust, t.*
  from reports lateral view explode(totals) as t where is_shadowed = 0;

create or replace view failures_of_reports as
  select digest, report_id, subject, inferred, day, days, reporter, trust, f.*
  from reports lateral view explode(failures) as f where is_shadowed = 0;
