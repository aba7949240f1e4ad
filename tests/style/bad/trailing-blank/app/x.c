extern int x; /* bad */ 
extern int y;
