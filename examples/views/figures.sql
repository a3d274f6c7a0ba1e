-- Views of TLS reports by the rules of the ledger: last part, the figures. Sums stop at 2^53-1, day by day; the sums
-- before that have as many digits as it takes.

-- Totals by group: reports of one reporter about one subject with one id are one group, which counts the larger of each
-- number. Elements without a domain are about that of the envelope.
create or replace view totals_of_groups as
  with of_report as (
    select digest, report_id, case when coalesce(report_id, '') = '' then digest end as alone, subject, day, days,
           reporter, trust, case when domain = '?' then inferred else domain end as domain, kind, mode, policy_id,
           capped(sum(cast(ok as decimal(38, 0)))) as ok, sum(ok_unknown) as ok_unknown,
           capped(sum(cast(failed as decimal(38, 0)))) as failed, sum(failed_unknown) as failed_unknown,
           sum(elements) as elements
    from totals_of_reports group by all)
  select report_id, alone, subject, day, days, reporter, trust, domain, kind, mode, policy_id, max(ok) as ok,
         max(ok_unknown) as ok_unknown, max(failed) as failed, max(failed_unknown) as failed_unknown,
         max(elements) as elements
  from of_report group by all;

-- Reports of several days of a reporter who has reports about each of these days alone, too: in no figure.
create or replace view also_by_day as
  with spans as (
    select distinct case when domain = '?' then inferred else domain end as domain, reporter, trust, day, days
    from totals_of_reports),
  one_day as (
    select domain, reporter, trust, day as alone from spans where days = 1)
  select domain, reporter, trust, day, days, 1 as is_left_out
  from spans join one_day using (domain, reporter, trust)
  where days > 1 and alone >= day and days_between(day, alone) < days
  group by domain, reporter, trust, day, days having count(*) = days;

create or replace view totals as
  select t.day as day, t.days as days, t.reporter as reporter, t.trust as trust, t.domain as domain, kind, mode,
         policy_id, capped(sum(cast(ok as decimal(38, 0)))) as ok, sum(ok_unknown) as ok_unknown,
         capped(sum(cast(failed as decimal(38, 0)))) as failed, sum(failed_unknown) as failed_unknown,
         sum(elements) as elements
  from totals_of_groups as t left join also_by_day as b
    on t.domain = b.domain and t.reporter = b.reporter and t.trust = b.trust and t.day = b.day and t.days = b.days
  where coalesce(is_left_out, 0) = 0
  group by t.day, t.days, t.reporter, t.trust, t.domain, kind, mode, policy_id;

-- Sessions that senders mention with a failure: never to be added to failed sessions.
create or replace view failures as
  with of_report as (
    select digest, report_id, case when coalesce(report_id, '') = '' then digest end as alone, subject, day, days,
           reporter, trust, case when domain = '?' then inferred else domain end as domain, kind, mode, result_type,
           host, node, reason, capped(sum(cast(noted as decimal(38, 0)))) as noted, sum(noted_unknown) as noted_unknown
    from failures_of_reports group by all),
  of_group as (
    select report_id, alone, subject, day, days, reporter, trust, domain, kind, mode, result_type, host, node,
           reason, max(noted) as noted, max(noted_unknown) as noted_unknown
    from of_report group by all)
  select f.day as day, f.days as days, f.reporter as reporter, f.trust as trust, f.domain as domain, kind, mode,
         result_type, host, node, reason, capped(sum(cast(noted as decimal(38, 0)))) as noted,
         sum(noted_unknown) as noted_unknown
  from of_group as f left join also_by_day as b
    on f.domain = b.domain and f.reporter = b.reporter and f.trust = b.trust and f.day = b.day and f.days = b.days
  where coalesce(is_left_out, 0) = 0
  group by f.day, f.days, f.reporter, f.trust, f.domain, kind, mode, result_type, host, node, reason;

-- Kinds are never added: a session may be in the totals of several. Reports of several days are of no day.
create or replace view domain_type_day as
  select day, domain, kind, capped(sum(cast(ok as decimal(38, 0)))) as ok,
         capped(sum(cast(failed as decimal(38, 0)))) as failed,
         capped(sum(cast(case when trust = 'verified' then ok else 0 end as decimal(38, 0)))) as verified_ok,
         capped(sum(cast(case when trust = 'verified' then failed else 0 end as decimal(38, 0)))) as verified_failed,
         sum(ok_unknown) + sum(failed_unknown) as unknown
  from totals where days = 1 group by day, domain, kind;

-- So a domain has, of each reporter, at least the sessions of its largest kind and at most those of all.
create or replace view domain_day as
  with of_kind as (
    select day, domain, reporter, trust, kind, capped(sum(cast(ok as decimal(38, 0)))) as ok,
           capped(sum(cast(failed as decimal(38, 0)))) as failed
    from totals where days = 1 group by day, domain, reporter, trust, kind),
  of_reporter as (
    select day, domain, reporter, trust, max(ok) as ok_at_least,
           capped(sum(cast(ok as decimal(38, 0)))) as ok_at_most, max(failed) as failed_at_least,
           capped(sum(cast(failed as decimal(38, 0)))) as failed_at_most
    from of_kind group by day, domain, reporter, trust)
  select day, domain, capped(sum(cast(ok_at_least as decimal(38, 0)))) as ok_at_least,
         capped(sum(cast(ok_at_most as decimal(38, 0)))) as ok_at_most,
         capped(sum(cast(failed_at_least as decimal(38, 0)))) as failed_at_least,
         capped(sum(cast(failed_at_most as decimal(38, 0)))) as failed_at_most
  from of_reporter group by day, domain;

create or replace view top_failures as
  select domain, host, result_type, reason, capped(sum(cast(noted as decimal(38, 0)))) as mentions,
         count(distinct reporter) as reporters, min(day) as first_day, max(day) as last_day
  from failures group by domain, host, result_type, reason
  order by mentions desc, domain, host, result_type, reason;

-- Reporters that were regular in the 28 days before clock.today and are silent: late by more than twice their
-- longest gap, and by more than two days. Who reports failures only is not regular.
create or replace view silent as
  with one_day as (
    select domain, reporter, trust, day, today, max(failed + failed_unknown) as failed
    from totals cross join clock where days = 1 and day >= today - 28 and day < today
    group by domain, reporter, trust, day, today),
  gaps as (
    select *, case when row_number() over (partition by domain, reporter, trust order by day) > 1
      then days_between(max(day) over (partition by domain, reporter, trust order by day
        rows between unbounded preceding and 1 preceding), day) end as gap
    from one_day)
  select domain, reporter, trust, max(day) as last_day, count(*) as days, max(gap) as longest_gap
  from gaps group by domain, reporter, trust, today
  having count(*) >= 7 and min(failed) = 0 and days_between(max(day), today) - 1 > greatest(2, 2 * max(gap));

-- What advice is made of: the sessions of a reporter, domain and days, and each failure with it; none is null.
create or replace view advice_input as
  with sessions as (
    select day, days, domain, kind, mode, reporter, trust, capped(sum(cast(ok as decimal(38, 0)))) as ok,
           sum(ok_unknown) as ok_unknown, capped(sum(cast(failed as decimal(38, 0)))) as failed,
           sum(failed_unknown) as failed_unknown
    from totals group by day, days, domain, kind, mode, reporter, trust)
  select s.day as day, s.days as days, s.domain as domain, s.kind as kind, s.mode as mode, s.reporter as reporter,
         s.trust as trust, ok, ok_unknown, failed, failed_unknown, result_type, host, node, reason, noted, noted_unknown
  from sessions as s left join failures as f
    on s.day = f.day and s.days = f.days and s.domain = f.domain and s.kind = f.kind and s.mode = f.mode
      and s.reporter = f.reporter and s.trust = f.trust;
