/** A few lines of the real tables. */
import type { Records } from "../../../sandbox/data/source";

export const records: Records = {
  flights: [
    "year,month,day,dep_time,sched_dep_time,dep_delay,arr_time,sched_arr_time,arr_delay,carrier,flight,tailnum,origin,dest,air_time,distance,hour,minute,time_hour",
    "2013,11,24,1102,1100,2,1257,1304,-7,DL,1869,N335NB,LGA,DTW,82,502,11,0,2013-11-24T16:00:00Z",
    "2013,11,24,,1142,,,1400,,9E,3375,,JFK,CVG,,589,11,42,2013-11-24T16:00:00Z",
    "2013,2,28,517,515,2,830,819,11,UA,1545,N14228,EWR,IAH,227,1400,5,15,2013-02-28T10:00:00Z",
    "",
  ].join("\n"),
  weather: [
    "origin,year,month,day,hour,temp,dewp,humid,wind_dir,wind_speed,wind_gust,precip,pressure,visib,time_hour",
    "EWR,2013,11,24,11,30.02,6.08,35.5,320,20.71404,31.07106,0,1025,10,2013-11-24T16:00:00Z",
    "JFK,2013,11,24,11,30.92,8.06,37.39,NA,21.86482,NA,0,1024.4,10,2013-11-24T16:00:00Z",
    "",
  ].join("\n"),
};
