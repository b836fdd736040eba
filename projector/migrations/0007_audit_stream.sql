-- The last revision of each stream whose events the feed has handled. With it the feed notices events that never reached it.
-- A stream that is older has no row until its next event.
create table read.audit_stream_v1 (
  stream text collate "C" primary key,
  revision numeric(20) not null
);

-- Copies that a rebuild has left need the table too: without it they can be neither switched nor dropped.
do $$
declare
  copy text;
begin
  foreach copy in array '{next,old}'::text[] loop
    if to_regclass('read.audit_event_v1_' || copy) is not null then
      execute format('create table read.audit_stream_v1_%s (like read.audit_stream_v1)', copy);
      execute format(
        'alter table read.audit_stream_v1_%s add constraint audit_stream_v1_pkey_%s primary key (stream)', copy, copy);
    end if;
  end loop;
end
$$;
