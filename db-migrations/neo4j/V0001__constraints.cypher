// What a node is found by. The constraints bring the indexes that every write looks it up with.
CREATE CONSTRAINT item_sku IF NOT EXISTS FOR (i:Item) REQUIRE i.sku IS UNIQUE;
CREATE CONSTRAINT category_key IF NOT EXISTS FOR (c:Category) REQUIRE c.key IS UNIQUE;
CREATE CONSTRAINT brand_name IF NOT EXISTS FOR (b:Brand) REQUIRE b.name IS UNIQUE;
CREATE CONSTRAINT user_id IF NOT EXISTS FOR (u:User) REQUIRE u.id IS UNIQUE;
CREATE INDEX category_taxonomy IF NOT EXISTS FOR (c:Category) ON (c.taxonomy);
