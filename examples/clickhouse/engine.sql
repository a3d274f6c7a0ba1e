-- What the views need of ClickHouse, between reports.sql and figures.sql. The settings are those of the SQL
-- standard, and whoever asks the views needs them, too.

set join_use_nulls = 1, prefer_column_name_to_alias = 1;

create or replace view clock as select today() as today;

create or replace function capped as n -> toInt64(least(n, toDecimal128(9007199254740991, 0)));

create or replace function days_between as (first, last) -> dateDiff('day', first, last);

create or replace view policies as
  select source, position, digest, day, days, reporter, trust, p.policy_type as policy_type,
         p.policy_type_text as policy_type_text, p.policy_string as policy_string,
         p.policy_string_text as policy_string_text, p.policy_domain as policy_domain,
         p.policy_domain_text as policy_domain_text, p.mx_host as mx_host,
         p.total_successful_session_count as total_successful_session_count,
         p.total_failure_session_count as total_failure_session_count, p.failure_details as failure_details,
         p.policy_id as policy_id
  from reports array join policies as p;

create or replace view totals_of_reports as
  select digest, report_id, subject, inferred, day, days, reporter, trust, t.domain as domain, t.kind as kind,
         t.mode as mode, t.policy_id as policy_id, t.ok as ok, t.ok_unknown as ok_unknown, t.failed as failed,
         t.failed_unknown as failed_unknown, t.elements as elements
  from reports array join totals as t where is_shadowed = 0;

create or replace view failures_of_reports as
  select digest, report_id, subject, inferred, day, days, reporter, trust, f.domain as domain, f.kind as kind,
         f.mode as mode, f.result_type as result_type, f.host as host, f.node as node, f.reason as reason,
         f.noted as noted, f.noted_unknown as noted_unknown
  from reports array join failures as f where is_shadowed = 0;
