/** Words to make prompts of: short and common, so that nearly every tokenizer spends one token on each with its leading space. */
export const words: readonly string[] = (
  "the of and to in is that for it as was with be by on not he his but at are this have from or had an they which one you were all her she there " +
  "would their we him been has when who will no more if out so up said what its about than into them can only other time new some could these two may first " +
  "then do any like my now over such our man me even most made after also did many before must through back years where much your way well down should because " +
  "each just those people too how little state good very make world still see own work long here get both between life being under never day same another know " +
  "while last might us great old year off come since go against came right used take three states himself few house use during without again place around however " +
  "home small found thought went say part once high general upon school every does got united left number course war until always away something fact water though " +
  "less public put think almost hand enough far took head yet government system set told nothing night end why called find going look asked later point knew next " +
  "program city business give group toward days young let room side social given present several order national rather second face per among form important often " +
  "things looked early white case large need big four within felt children along saw best church ever least power light family interest want members mind country area"
).split(" ");
