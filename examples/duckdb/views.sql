-- Views of TLS reports by the rules of the ledger (docs/columns.md says which). The table tls_reports has the
-- columns that tlsrpt.read(..., ledger=True) and the like give. Day by day, sums stop at 2^53-1.

-- The largest number that every reader of JSON has exactly; null stays null.
create or replace macro capped(n) as if(n > 9007199254740991, 9007199254740991, n);

-- Inputs that are no reports, and reports of more than 400 days, which are in no figure.
create or replace view unusable as
  select source, position, submitter, received, coalesce(error, 'period-too-long') as error, error_in, error_offset,
         error_path, error_hint
  from tls_reports where error is not null or days > 400;

-- One row for each report, whichever ways it came: the same digest, the same report. Who vouches for the
-- contact that the report names comes first.
create or replace view reports as
  select * from tls_reports where error is null and days <= 400
  qualify row_number() over (partition by digest
    order by trust desc, reporter is distinct from contact, reporter, received, source, position) = 1;

-- Elements of policies. An unknown count is null; where the total of failures is, the largest failure is a lower
-- bound. Elements that agree in all respects are one. A claimed report beside a verified one of the same
-- reporter, domain and days is left out.
create or replace view policies as
  with usable as (
    select * from reports as r where trust = 'verified' or not exists (
      from reports as v where v.trust = 'verified' and v.reporter = r.reporter and v.about = r.about
        and v.day is not distinct from r.day and v.days = r.days)),
  elements as (
    select * exclude (policies), unnest(list_distinct(policies)) as p from usable)
  select source, position, digest, day, days, about, reporter, trust, organization_name, report_id,
         coalesce(p.policy_domain, '?') as domain,
         case p.policy_type when 'sts' then 'sts' when 'tlsa' then 'tlsa' when 'no-policy-found' then 'none'
           else 'other' end as kind,
         p.policy_id,
         capped(p.total_successful_session_count) as ok,
         capped(p.total_failure_session_count) as failed,
         capped(coalesce(p.total_failure_session_count,
           list_max(list_transform(p.failure_details, lambda f: f.failed_session_count)), 0)) as failed_at_least,
         p.failure_details
  from elements;

-- Totals by group: reports of one reporter with one id are one group, which counts the larger of each number.
create or replace view totals as
  with of_report as (
    select digest, day, days, about, reporter, trust, report_id, domain, kind, policy_id,
           capped(sum(coalesce(ok, 0))) as ok,
           capped(sum(failed_at_least)) as failed,
           count(*) filter (ok is null) as ok_unknown, count(*) filter (failed is null) as failed_unknown
    from policies group by all)
  select day, days, about, reporter, trust, coalesce(report_id, digest) as group_id, domain, kind, policy_id,
         max(ok)::bigint as ok, max(failed)::bigint as failed, max(ok_unknown) as ok_unknown,
         max(failed_unknown) as failed_unknown
  from of_report group by all;

-- Sessions that senders mention with a failure: never to be added to failed sessions. Names are those of the
-- ledger.
create or replace view failures as
  with of_report as (
    select digest, day, days, about, reporter, trust, report_id, domain, kind,
           coalesce(f.result_type, '?' || f.result_type_text, '-') as result_type,
           coalesce(f.receiving_mx_hostname, '-') as host, f.node, f.reason,
           capped(sum(capped(coalesce(f.failed_session_count, 0)))) as noted,
           count(*) filter (f.failed_session_count is null) as noted_unknown
    from (select *, unnest(failure_details) as f from policies) group by all)
  select day, days, about, reporter, trust, coalesce(report_id, digest) as group_id, domain, kind, result_type,
         host, node, reason, max(noted)::bigint as noted, max(noted_unknown) as noted_unknown
  from of_report group by all;

-- Kinds are never added: a session may be in the totals of several. Reports of several days are of no day.
create or replace view domain_type_day as
  select day, domain, kind, capped(sum(ok))::bigint as ok,
         capped(sum(failed))::bigint as failed,
         capped(coalesce(sum(ok) filter (trust = 'verified'), 0))::bigint as verified_ok,
         capped(coalesce(sum(failed) filter (trust = 'verified'), 0))::bigint as verified_failed,
         sum(ok_unknown) + sum(failed_unknown) as unknown
  from totals where days = 1 group by all;

-- So a domain has, of each reporter, at least the sessions of its largest kind and at most those of all.
create or replace view domain_day as
  with of_kind as (
    select day, domain, reporter, trust, kind, sum(ok) as ok, sum(failed) as failed
    from totals where days = 1 group by all),
  of_reporter as (
    select day, domain, reporter, trust, max(ok) as ok_at_least, sum(ok) as ok_at_most, max(failed) as failed_at_least,
           sum(failed) as failed_at_most
    from of_kind group by all)
  select day, domain, capped(sum(ok_at_least))::bigint as ok_at_least,
         capped(sum(ok_at_most))::bigint as ok_at_most,
         capped(sum(failed_at_least))::bigint as failed_at_least,
         capped(sum(failed_at_most))::bigint as failed_at_most
  from of_reporter group by all;

create or replace view top_failures as
  select domain, host, result_type, reason, capped(sum(noted))::bigint as noted,
         count(distinct reporter) as reporters, min(day) as first_day, max(day) as last_day
  from failures group by all order by noted desc, domain, host, result_type, reason;

-- Reporters that were regular in the 28 days before `today` and are silent: longer than twice their longest gap,
-- and longer than two days. Who reports failures only is not regular.
create or replace macro silent(today) as table
  with days as (
    select domain, reporter, day, sum(failed) as failed from totals
    where days = 1 and day >= today - 28 and day < today group by all),
  gaps as (
    select *, day - lag(day) over (partition by domain, reporter order by day) as gap from days)
  select domain, reporter, max(day) as last_day, count(*) as days, coalesce(max(gap), 1) as longest_gap
  from gaps group by all
  having count(*) >= 7 and count(*) filter (failed = 0) > 0
     and today - max(day) > greatest(2, 2 * coalesce(max(gap), 1))
  order by last_day, domain, reporter;

-- What advice is made of: each failure with the sessions of its reporter, domain and days.
create or replace view advice_input as
  with sessions as (
    select day, days, domain, kind, reporter, trust, capped(sum(ok))::bigint as ok,
           capped(sum(failed))::bigint as failed
    from totals group by all)
  select s.*, f.result_type, f.host, f.node, f.reason, f.noted
  from sessions as s left join (
    select day, days, domain, kind, reporter, trust, result_type, host, node, reason,
           capped(sum(noted))::bigint as noted
    from failures group by all) as f
  on s.day is not distinct from f.day and s.days = f.days and s.domain = f.domain and s.kind = f.kind
    and s.reporter = f.reporter and s.trust = f.trust;
