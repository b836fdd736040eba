-- A registration whose address the link of another one has proven is confirmed at once, and gets no mail. It is not one that a limit
-- kept from being mailed.
alter table registration add column with_link boolean not null default false;
