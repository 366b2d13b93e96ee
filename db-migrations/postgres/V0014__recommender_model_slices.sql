-- A model's file is read slice by slice; stored like this, PostgreSQL fetches of it only the slice that
-- is asked for. What is in it is compressed already.
alter table recommender_model_file alter column content set storage external;
