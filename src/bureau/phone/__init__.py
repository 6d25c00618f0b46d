"""手机走访: home visits recorded without network, their arrival exactly once, and what people must settle by hand."""
