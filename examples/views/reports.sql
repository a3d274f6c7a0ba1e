-- Views of TLS reports by the rules of the ledger, which docs/columns.md lists: first part, the reports. The table
-- tls_reports has the columns that tlsrpt.read(..., ledger=True) and the like give.

-- Inputs that are in no figure: those that are no reports, and reports of unknown days or of more than 400.
create or replace view unusable as
  select source, position, submitter, received,
         coalesce(error, case when day is null then 'period-unknown' else 'period-too-long' end) as error, error_in,
         error_offset, error_path, error_hint
  from tls_reports where error is not null or day is null or days > 400;

-- One row for each report, whichever ways it came: the same digest, the same report. Who vouches for the
-- contact that the report names comes first. `subject` is the domain that the report is about, if need be by
-- its envelope, and of a verified report by that of a verified copy. A claimed report beside a verified one of
-- the same reporter, subject and days is shadowed: it is in no figure.
create or replace view reports as
  with copies as (
    select *,
           row_number() over (partition by digest
             order by trust desc, case when reporter = contact then 0 else 1 end, reporter, received nulls last,
                      source nulls last, position) as copy,
           coalesce(min(case when trust = 'verified' then report_domain end) over (partition by digest),
             case when max(case when trust = 'verified' then 1 else 0 end) over (partition by digest) = 0
               then min(report_domain) over (partition by digest) end, '?') as inferred
    from tls_reports where error is null and day is not null and days <= 400),
  named as (
    select *, case when about = '?' then inferred else about end as subject from copies where copy = 1)
  select source, position, submitter, received, organization_name, contact_info, report_id, start_datetime,
         end_datetime, policies, digest, day, days, about, contact, reporter, trust, totals, failures, inferred,
         subject,
         case when trust = 'verified' then 0
           else max(case when trust = 'verified' then 1 else 0 end) over (partition by reporter, subject, day, days)
           end as is_shadowed
  from named;
