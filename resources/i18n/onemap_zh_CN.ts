<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>AccountsController</name>
    <message>
        <source>Saved.</source>
        <translation>已保存。</translation>
    </message>
    <message>
        <source>Done.</source>
        <translation>已完成。</translation>
    </message>
</context>
<context>
    <name>AccountsPanel</name>
    <message>
        <source>Accounts</source>
        <translation>账号</translation>
    </message>
    <message>
        <source>New account</source>
        <translation>新建账号</translation>
    </message>
    <message>
        <source>Without a department this role sees and handles nothing. Name one or more.</source>
        <translation>未指定部门时，该角色看不到也办不了任何案件。请填写一个或多个部门。</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>New one-time password</source>
        <translation>重置为一次性密码</translation>
    </message>
    <message>
        <source>Reset the second factor</source>
        <translation>重置第二因子</translation>
    </message>
    <message>
        <source>Unlock</source>
        <translation>解锁</translation>
    </message>
    <message>
        <source>End all logins</source>
        <translation>结束全部登录</translation>
    </message>
    <message>
        <source>Switch off</source>
        <translation>停用</translation>
    </message>
    <message>
        <source>Switch on</source>
        <translation>启用</translation>
    </message>
    <message>
        <source>Who is it, and what may they do?</source>
        <translation>是谁，可以做什么？</translation>
    </message>
    <message>
        <source>One-time password of {0}. It is shown only now; hand it over in person.</source>
        <translation>{0} 的一次性密码。仅此一次显示，请当面交付。</translation>
    </message>
    <message>
        <source>Account</source>
        <translation>账号</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>姓名</translation>
    </message>
    <message>
        <source>Roles</source>
        <translation>角色</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>empty: no limit; several with commas</source>
        <translation>留空为不限；多个用逗号分隔</translation>
    </message>
    <message>
        <source>small letters, digits, . _ -</source>
        <translation>小写字母、数字、. _ -</translation>
    </message>
    <message>
        <source>Name of the person</source>
        <translation>人员姓名</translation>
    </message>
    <message>
        <source>Areas: ids of grids, or a township&apos;s code</source>
        <translation>辖区：网格编号或街道(镇)代码</translation>
    </message>
    <message>
        <source>Kinds of things</source>
        <translation>要素类别</translation>
    </message>
    <message>
        <source>Departments, for cases</source>
        <translation>部门（用于案件）</translation>
    </message>
    <message>
        <source>several with commas; the role department needs one</source>
        <translation>多个用逗号分隔；“部门”角色至少需要一个</translation>
    </message>
    <message>
        <source>{0} gets a one-time password instead of the present one, and is logged out.</source>
        <translation>{0} 的现有密码将换成一次性密码，并立即退出登录。</translation>
    </message>
    <message>
        <source>Make it</source>
        <translation>生成</translation>
    </message>
    <message>
        <source>{0} sets up the second factor anew, and is logged out.</source>
        <translation>{0} 须重新设置第二因子，并立即退出登录。</translation>
    </message>
    <message>
        <source>Reset it</source>
        <translation>重置</translation>
    </message>
    <message>
        <source>All desks of {0} close within seconds.</source>
        <translation>{0} 的所有席位将在数秒内关闭。</translation>
    </message>
    <message>
        <source>End them</source>
        <translation>结束</translation>
    </message>
    <message>
        <source>{0} cannot log in any more, and is logged out.</source>
        <translation>{0} 将不能再登录，并立即退出登录。</translation>
    </message>
    <message>
        <source>off</source>
        <translation>已停用</translation>
    </message>
    <message>
        <source>locked</source>
        <translation>已锁定</translation>
    </message>
    <message>
        <source>logged in</source>
        <translation>在线</translation>
    </message>
    <message>
        <source>new</source>
        <translation>未登录过</translation>
    </message>
    <message>
        <source>Last login {0}.</source>
        <translation>上次登录 {0}。</translation>
    </message>
    <message>
        <source>Has never logged in.</source>
        <translation>从未登录。</translation>
    </message>
    <message>
        <source>Locked until {0}.</source>
        <translation>锁定至 {0}。</translation>
    </message>
    <message>
        <source>Must choose a new password.</source>
        <translation>须修改密码。</translation>
    </message>
    <message>
        <source>No second factor yet.</source>
        <translation>尚未设置第二因子。</translation>
    </message>
    <message>
        <source>Open: {0}.</source>
        <translation>当前登录：{0}。</translation>
    </message>
</context>
<context>
    <name>AccountsWindow</name>
    <message>
        <source>Accounts – OneMap Console</source>
        <translation>账号管理 – 城运一图</translation>
    </message>
</context>
<context>
    <name>Actions</name>
    <message>
        <source>Wall</source>
        <translation>大屏</translation>
    </message>
    <message>
        <source>Open the wall overview</source>
        <translation>打开大屏总览</translation>
    </message>
    <message>
        <source>Video</source>
        <translation>视频</translation>
    </message>
    <message>
        <source>Open the video window</source>
        <translation>打开视频窗口</translation>
    </message>
    <message>
        <source>Replay</source>
        <translation>回放</translation>
    </message>
    <message>
        <source>Open a replay of the last hour</source>
        <translation>回放最近一小时</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>帮助</translation>
    </message>
    <message>
        <source>Open the manual</source>
        <translation>打开操作手册</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>Find any command by its name</source>
        <translation>按名称查找任何命令</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>全屏</translation>
    </message>
    <message>
        <source>Fill the monitor, and back</source>
        <translation>切换全屏</translation>
    </message>
    <message>
        <source>Follow again</source>
        <translation>恢复跟随</translation>
    </message>
    <message>
        <source>Import data…</source>
        <translation>导入数据…</translation>
    </message>
    <message>
        <source>Load a file of things or cases, or undo a load</source>
        <translation>导入包含对象或案件的文件，或撤销某次导入</translation>
    </message>
    <message>
        <source>Accounts</source>
        <translation>账号</translation>
    </message>
    <message>
        <source>Manage accounts, roles and logins</source>
        <translation>管理账号、角色和登录</translation>
    </message>
    <message>
        <source>Audit</source>
        <translation>审计</translation>
    </message>
    <message>
        <source>Read and export the audit</source>
        <translation>查阅和导出审计记录</translation>
    </message>
    <message>
        <source>Unlock the map and go to what was last shown</source>
        <translation>解除地图锁定，回到最后显示的位置</translation>
    </message>
    <message>
        <source>Previous view</source>
        <translation>上一视图</translation>
    </message>
    <message>
        <source>Show the map as it was before</source>
        <translation>回到地图的上一视图</translation>
    </message>
    <message>
        <source>Next view</source>
        <translation>下一视图</translation>
    </message>
    <message>
        <source>Go forward again after going back</source>
        <translation>后退之后再前进</translation>
    </message>
    <message>
        <source>Whole district</source>
        <translation>全区</translation>
    </message>
    <message>
        <source>Show the whole district on the map</source>
        <translation>在地图上显示全区</translation>
    </message>
    <message>
        <source>Base map</source>
        <translation>底图</translation>
    </message>
    <message>
        <source>Choose the base map of this window, or add one</source>
        <translation>选择本窗口的底图，或添加底图</translation>
    </message>
    <message>
        <source>Trails</source>
        <translation>轨迹</translation>
    </message>
    <message>
        <source>Show or hide where moving units were in the last ten minutes</source>
        <translation>显示或隐藏移动力量最近十分钟的轨迹</translation>
    </message>
    <message>
        <source>New map window</source>
        <translation>新建地图窗口</translation>
    </message>
    <message>
        <source>Open a further map with its own view and layers</source>
        <translation>再打开一幅地图，视野和图层独立</translation>
    </message>
    <message>
        <source>Layer panel</source>
        <translation>图层面板</translation>
    </message>
    <message>
        <source>Show the layers beside the map, or give the map their room</source>
        <translation>在地图旁显示图层，或把位置让给地图</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Find a thing, a case or a place by name, number or pinyin</source>
        <translation>按名称、编号或拼音查找对象、案件或地点</translation>
    </message>
    <message>
        <source>Attribute table</source>
        <translation>属性表</translation>
    </message>
    <message>
        <source>Open the rows of the layer that is chosen in the tree</source>
        <translation>打开图层树中所选图层的属性表</translation>
    </message>
    <message>
        <source>Acknowledge</source>
        <translation>确认报警</translation>
    </message>
    <message>
        <source>Acknowledge the alarms that are selected in the list</source>
        <translation>确认列表中选中的报警</translation>
    </message>
    <message>
        <source>Shelve</source>
        <translation>搁置</translation>
    </message>
    <message>
        <source>Put the alarms that are selected in the list aside for a time</source>
        <translation>将列表中所选报警搁置一段时间</translation>
    </message>
    <message>
        <source>New incident</source>
        <translation>新建事件</translation>
    </message>
    <message>
        <source>Begin a dispatch at the middle of the map</source>
        <translation>在地图中央新建调度</translation>
    </message>
    <message>
        <source>Mute, or sound again</source>
        <translation>静音或恢复声音</translation>
    </message>
    <message>
        <source>Silence the sounds for 15 minutes, or end the silence</source>
        <translation>静音 15 分钟，或结束静音</translation>
    </message>
    <message>
        <source>Lock this desk</source>
        <translation>锁定席位</translation>
    </message>
    <message>
        <source>Cover the desk until your password opens it again</source>
        <translation>遮住席位，输入密码后恢复</translation>
    </message>
    <message>
        <source>Log out</source>
        <translation>退出登录</translation>
    </message>
    <message>
        <source>End your login at this desk and let somebody else log in</source>
        <translation>结束本席位的登录，让他人登录</translation>
    </message>
    <message>
        <source>Size of words and numbers on the wall</source>
        <translation>大屏上文字和数字的大小</translation>
    </message>
    <message>
        <source>Wall: read from {0} m</source>
        <translation>大屏：从 {0} 米处观看</translation>
    </message>
    <message>
        <source>Day or night colours</source>
        <translation>日间或夜间配色</translation>
    </message>
    <message>
        <source>Change all windows between light and dark</source>
        <translation>所有窗口在浅色与深色之间切换</translation>
    </message>
    <message>
        <source>Wall: in proportion to its window</source>
        <translation>大屏：大小随窗口</translation>
    </message>
    <message>
        <source>Bookmark: {0}</source>
        <translation>书签：{0}</translation>
    </message>
    <message>
        <source>Show this view that was kept</source>
        <translation>显示这个已保存的视图</translation>
    </message>
    <message>
        <source>What is here</source>
        <translation>此处有什么</translation>
    </message>
    <message>
        <source>Click a point of the map: all that lies there, of every layer</source>
        <translation>单击地图一点：列出该处各图层的全部对象</translation>
    </message>
    <message>
        <source>Select</source>
        <translation>选择</translation>
    </message>
    <message>
        <source>Select on the map by clicks or in a box</source>
        <translation>在地图上单击或拖框选择</translation>
    </message>
    <message>
        <source>Select in an outline</source>
        <translation>多边形选择</translation>
    </message>
    <message>
        <source>Select all inside of corners that you click</source>
        <translation>选择单击各角点围成范围内的全部对象</translation>
    </message>
    <message>
        <source>Select in a circle</source>
        <translation>圆形选择</translation>
    </message>
    <message>
        <source>Select all within a distance that you drag</source>
        <translation>选择拖出的半径以内的全部对象</translation>
    </message>
    <message>
        <source>Measure a distance</source>
        <translation>测量距离</translation>
    </message>
    <message>
        <source>Measure along corners that you click, on the ellipsoid</source>
        <translation>沿单击的各点测量，按椭球面计算</translation>
    </message>
    <message>
        <source>Measure an area</source>
        <translation>测量面积</translation>
    </message>
    <message>
        <source>Measure the area and the way round corners that you click</source>
        <translation>测量单击各点围成的面积和周长</translation>
    </message>
    <message>
        <source>Clear measurements</source>
        <translation>清除测量</translation>
    </message>
    <message>
        <source>Take all measurements off the map</source>
        <translation>从地图上去掉全部测量结果</translation>
    </message>
    <message>
        <source>Selection</source>
        <translation>选择集</translation>
    </message>
    <message>
        <source>Show what is selected on the map, by kind</source>
        <translation>按类别显示地图上选中的对象</translation>
    </message>
    <message>
        <source>Select all in view</source>
        <translation>选择视野内全部</translation>
    </message>
    <message>
        <source>Select everything that the map shows now</source>
        <translation>选择地图当前显示的全部对象</translation>
    </message>
    <message>
        <source>Select by expression</source>
        <translation>按表达式选择</translation>
    </message>
    <message>
        <source>Select what an attribute expression is true of</source>
        <translation>选择满足属性表达式的对象</translation>
    </message>
    <message>
        <source>Dispatch to the selection</source>
        <translation>向选择集调度</translation>
    </message>
    <message>
        <source>Begin a dispatch to the middle of what is selected</source>
        <translation>在选中对象的中央新建调度</translation>
    </message>
    <message>
        <source>Invert the selection in view</source>
        <translation>视野内反选</translation>
    </message>
    <message>
        <source>Select what is in view and not selected, and let go the rest</source>
        <translation>选中视野内未选中的对象，其余取消选中</translation>
    </message>
    <message>
        <source>Zoom to the selection</source>
        <translation>缩放到选择集</translation>
    </message>
    <message>
        <source>Show all that is selected</source>
        <translation>显示选中的全部对象</translation>
    </message>
    <message>
        <source>Clear the selection</source>
        <translation>清除选择</translation>
    </message>
    <message>
        <source>Select nothing</source>
        <translation>不选中任何对象</translation>
    </message>
    <message>
        <source>Go to</source>
        <translation>定位到</translation>
    </message>
    <message>
        <source>Go to coordinates in any datum, a code, a name, initials</source>
        <translation>按任意坐标系的坐标、编码、名称或拼音首字母定位</translation>
    </message>
    <message>
        <source>Take the marker away</source>
        <translation>去掉标记</translation>
    </message>
    <message>
        <source>Take the marker of the place that was gone to off the map</source>
        <translation>从地图上去掉定位点的标记</translation>
    </message>
    <message>
        <source>Keep this view</source>
        <translation>保存此视图</translation>
    </message>
    <message>
        <source>Keep what the map shows as a bookmark, and name it</source>
        <translation>把地图当前视图存为书签并命名</translation>
    </message>
    <message>
        <source>Bookmarks</source>
        <translation>书签</translation>
    </message>
    <message>
        <source>Show the views that are kept, by name</source>
        <translation>按名称显示已保存的视图</translation>
    </message>
    <message>
        <source>Copy coordinates</source>
        <translation>复制坐标</translation>
    </message>
    <message>
        <source>Copy the place under the pointer in the form that is shown</source>
        <translation>按所显示的格式复制指针处的坐标</translation>
    </message>
    <message>
        <source>Form of coordinates</source>
        <translation>坐标格式</translation>
    </message>
    <message>
        <source>Degrees, minutes and seconds, metres of a zone, GCJ-02, BD-09</source>
        <translation>度、度分秒、分带平面坐标、GCJ-02、BD-09</translation>
    </message>
    <message>
        <source>Print or export the map</source>
        <translation>打印或导出地图</translation>
    </message>
    <message>
        <source>A sheet with legend, scale and north, as PDF or picture</source>
        <translation>带图例、比例尺和指北针的图幅，存为 PDF 或图片</translation>
    </message>
    <message>
        <source>Copy the map as a picture</source>
        <translation>复制地图图片</translation>
    </message>
    <message>
        <source>Put what the map shows on the clipboard</source>
        <translation>把地图当前画面放到剪贴板</translation>
    </message>
    <message>
        <source>Scale of the map</source>
        <translation>地图比例尺</translation>
    </message>
    <message>
        <source>Show the map at a scale that you type</source>
        <translation>按输入的比例尺显示地图</translation>
    </message>
    <message>
        <source>Route</source>
        <translation>路线</translation>
    </message>
    <message>
        <source>Click places: the quickest way by road that is open</source>
        <translation>依次点地点：开放道路上最快的路线</translation>
    </message>
    <message>
        <source>Drive-time area</source>
        <translation>行车时间圈</translation>
    </message>
    <message>
        <source>Click a place: how far one drives from it in some minutes</source>
        <translation>点一个地点：几分钟内行车能到多远</translation>
    </message>
    <message>
        <source>Closed roads</source>
        <translation>封闭道路</translation>
    </message>
    <message>
        <source>List the roads that are closed now, and why</source>
        <translation>列出当前封闭的道路和原因</translation>
    </message>
    <message>
        <source>Close a road</source>
        <translation>封闭道路</translation>
    </message>
    <message>
        <source>Click a place: nobody is sent through it any more</source>
        <translation>点一个地点：不再从这里通行</translation>
    </message>
</context>
<context>
    <name>AlarmEvidence</name>
    <message>
        <source>Alarm</source>
        <translation>报警</translation>
    </message>
    <message>
        <source>Alarm on</source>
        <translation>报警对象</translation>
    </message>
    <message>
        <source>Alarm says</source>
        <translation>报警内容</translation>
    </message>
    <message>
        <source>Value then</source>
        <translation>当时数值</translation>
    </message>
    <message>
        <source>Worst value</source>
        <translation>最严重值</translation>
    </message>
    <message>
        <source>Limit reached</source>
        <translation>触及限值</translation>
    </message>
    <message>
        <source>First raised</source>
        <translation>首次发生</translation>
    </message>
    <message>
        <source>Times told</source>
        <translation>上报次数</translation>
    </message>
</context>
<context>
    <name>AlarmListPanel</name>
    <message>
        <source>Alarms</source>
        <translation>报警</translation>
    </message>
    <message>
        <source>Show only these</source>
        <translation>只显示未确认的</translation>
    </message>
    <message>
        <source>Who put them aside, why, till when</source>
        <translation>谁搁置的、为什么、到何时</translation>
    </message>
    <message>
        <source>Load</source>
        <translation>负荷</translation>
    </message>
    <message>
        <source>Alarms an hour, bad actors</source>
        <translation>每小时报警数、频发报警点</translation>
    </message>
    <message>
        <source>Shelve…</source>
        <translation>搁置…</translation>
    </message>
    <message>
        <source>Acknowledge</source>
        <translation>确认</translation>
    </message>
    <message>
        <source>{0} alarms</source>
        <translation>{0} 条报警</translation>
    </message>
    <message>
        <source>{0} shelved</source>
        <translation>已搁置 {0}</translation>
    </message>
    <message>
        <source>{0} out of service</source>
        <translation>停用 {0}</translation>
    </message>
    <message>
        <source>{0} by design</source>
        <translation>设计抑制 {0}</translation>
    </message>
    <message>
        <source>0 shelved</source>
        <translation>已搁置 0</translation>
    </message>
    <message>
        <source>{0} · {1} groups</source>
        <translation>{0} · 归为 {1} 组</translation>
    </message>
    <message>
        <source>{0} · 1 group</source>
        <translation>{0} · 1 组</translation>
    </message>
    <message>
        <source>Group them</source>
        <translation>归组显示</translation>
    </message>
    <message>
        <source>Show them singly</source>
        <translation>逐条显示</translation>
    </message>
    <message>
        <source>Acknowledge the selected alarms (A)</source>
        <translation>确认选中的报警（A）</translation>
    </message>
    <message>
        <source>Not possible here.</source>
        <translation>此处不能操作。</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Alarm</source>
        <translation>报警</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>地点</translation>
    </message>
    <message>
        <source>Acknowledgement</source>
        <translation>确认情况</translation>
    </message>
    <message>
        <source>{0} · {1} alarms</source>
        <translation>{0} · {1} 条</translation>
    </message>
    <message>
        <source>All acknowledged</source>
        <translation>全部已确认</translation>
    </message>
    <message>
        <source>{0} unacknowledged</source>
        <translation>{0} 条未确认</translation>
    </message>
    <message>
        <source>Acknowledge with a note…</source>
        <translation>确认并备注…</translation>
    </message>
    <message>
        <source>Show on the map</source>
        <translation>在地图上显示</translation>
    </message>
    <message>
        <source>Turn into a case…</source>
        <translation>转为案件…</translation>
    </message>
    <message>
        <source>Take out of service…</source>
        <translation>停用…</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Alarms · {0} unacknowledged</source>
        <translation>报警 · {0} 条未确认</translation>
    </message>
    <message>
        <source>{0} of {1} shown</source>
        <translation>显示 {0}，共 {1}</translation>
    </message>
    <message>
        <source>All {0} alarms are acknowledged; the filter hides them.</source>
        <translation>{0} 条报警均已确认，被筛选隐藏。</translation>
    </message>
    <message>
        <source>No alarm stands. A new one appears here by itself.</source>
        <translation>当前无报警，新报警会自动出现在这里。</translation>
    </message>
    <message>
        <source>Put the selected alarms aside for a time (S)</source>
        <translation>将所选报警搁置一段时间（S）</translation>
    </message>
    <message>
        <source>Worst first</source>
        <translation>按严重程度</translation>
    </message>
    <message>
        <source>Newest first</source>
        <translation>按时间先后</translation>
    </message>
    <message>
        <source>Change the order</source>
        <translation>更改排序</translation>
    </message>
    <message>
        <source>Case {0}</source>
        <translation>案件 {0}</translation>
    </message>
    <message>
        <source>{0} acknowledged {1}</source>
        <translation>{0} 于 {1} 确认</translation>
    </message>
    <message>
        <source>Over, unacknowledged</source>
        <translation>已恢复，未确认</translation>
    </message>
    <message>
        <source>Unacknowledged</source>
        <translation>未确认</translation>
    </message>
</context>
<context>
    <name>AlarmLoadView</name>
    <message>
        <source>Bad actors, last 24 h</source>
        <translation>频发报警点（24 小时）</translation>
    </message>
    <message>
        <source>Chattering, last 24 h</source>
        <translation>抖动报警（24 小时）</translation>
    </message>
    <message>
        <source>Standing for over 24 h</source>
        <translation>持续超过 24 小时</translation>
    </message>
    <message>
        <source>{0} in the last hour</source>
        <translation>近一小时 {0} 条</translation>
    </message>
    <message>
        <source>mean {0} an hour (target {1})</source>
        <translation>平均每小时 {0} 条（目标 {1}）</translation>
    </message>
    <message>
        <source>peak {0} (target {1})</source>
        <translation>峰值 {0} 条（目标 {1}）</translation>
    </message>
    <message>
        <source>Only what came since this console was opened.</source>
        <translation>只含本席位打开以来的报警。</translation>
    </message>
    <message>
        <source>No alarm in these hours.</source>
        <translation>这几小时内没有报警。</translation>
    </message>
    <message>
        <source>critical {0} % (target {3}) · major {1} % ({4}) · lesser {2} % ({5})</source>
        <translation>严重 {0} %（目标 {3}）· 较重 {1} %（{4}）· 一般及以下 {2} %（{5}）</translation>
    </message>
    <message>
        <source>Show where it is</source>
        <translation>定位到地图</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
</context>
<context>
    <name>AlarmsController</name>
    <message>
        <source>This is a replay: orders go nowhere.</source>
        <translation>这是回放，指令不会发出。</translation>
    </message>
    <message>
        <source>They have changed in the meantime.</source>
        <translation>其间已有变化。</translation>
    </message>
    <message>
        <source>{0} of {1} were not acknowledged. {2}</source>
        <translation>{1} 条中有 {0} 条未能确认。{2}</translation>
    </message>
    <message>
        <source>Alarm flood: {0} in ten minutes</source>
        <translation>报警洪泛：十分钟内 {0} 条</translation>
    </message>
</context>
<context>
    <name>AskName</name>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
</context>
<context>
    <name>AttributeColumns</name>
    <message>
        <source>Number</source>
        <translation>编号</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Deadline light</source>
        <translation>时限灯</translation>
    </message>
    <message>
        <source>Severity</source>
        <translation>级别</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Link</source>
        <translation>联机</translation>
    </message>
    <message>
        <source>Last heard</source>
        <translation>最近上报</translation>
    </message>
    <message>
        <source>Silent</source>
        <translation>失联</translation>
    </message>
    <message>
        <source>Unacknowledged</source>
        <translation>未确认</translation>
    </message>
    <message>
        <source>Longitude</source>
        <translation>经度</translation>
    </message>
    <message>
        <source>Latitude</source>
        <translation>纬度</translation>
    </message>
    <message>
        <source>Category</source>
        <translation>案件类别</translation>
    </message>
    <message>
        <source>Department</source>
        <translation>责任单位</translation>
    </message>
    <message>
        <source>Handler</source>
        <translation>经办人</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Grid</source>
        <translation>网格</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Reported</source>
        <translation>上报时间</translation>
    </message>
    <message>
        <source>Yellow from</source>
        <translation>黄灯时间</translation>
    </message>
    <message>
        <source>Deadline</source>
        <translation>截止时间</translation>
    </message>
    <message>
        <source>Overdue since</source>
        <translation>超时时间</translation>
    </message>
    <message>
        <source>Handed back</source>
        <translation>反馈时间</translation>
    </message>
    <message>
        <source>Late</source>
        <translation>超时</translation>
    </message>
    <message>
        <source>Sent back</source>
        <translation>返工次数</translation>
    </message>
    <message>
        <source>Urged</source>
        <translation>督办次数</translation>
    </message>
    <message>
        <source>Radius</source>
        <translation>半径</translation>
    </message>
    <message>
        <source>Alarm</source>
        <translation>报警</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>是</translation>
    </message>
    <message>
        <source>no</source>
        <translation>否</translation>
    </message>
</context>
<context>
    <name>AttributeTable</name>
    <message>
        <source>Columns…</source>
        <translation>列…</translation>
    </message>
    <message>
        <source>Zoom to</source>
        <translation>缩放到</translation>
    </message>
    <message>
        <source>Open card</source>
        <translation>打开卡片</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Filter, for example: {0}</source>
        <translation>筛选，例如：{0}</translation>
    </message>
    <message>
        <source>Filter by expression</source>
        <translation>按表达式筛选</translation>
    </message>
    <message>
        <source>Attribute table</source>
        <translation>属性表</translation>
    </message>
    <message>
        <source>Clear the filter</source>
        <translation>清除筛选</translation>
    </message>
    <message>
        <source>The rows below are still those of: {0}</source>
        <translation>下方仍为此筛选的结果：{0}</translation>
    </message>
    <message>
        <source>Select all</source>
        <translation>全选</translation>
    </message>
    <message>
        <source>Invert selection</source>
        <translation>反选</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} / {1}</translation>
    </message>
    <message>
        <source>{0} selected</source>
        <translation>已选 {0}</translation>
    </message>
    <message>
        <source> ({0} more that this table does not show)</source>
        <translation>（另有 {0} 个不在此表中）</translation>
    </message>
    <message>
        <source>None of the {0} rows fits this filter.</source>
        <translation>{0} 行中没有符合此筛选条件的。</translation>
    </message>
    <message>
        <source>The layer&apos;s own filter hides all of its {0} things.</source>
        <translation>图层自身的筛选隐藏了全部 {0} 个对象。</translation>
    </message>
    <message>
        <source>This layer has nothing on the map: none has been reported, or you may not see it.</source>
        <translation>此图层在地图上没有对象：尚未上报，或您无权查看。</translation>
    </message>
    <message>
        <source>Select rows first.</source>
        <translation>请先选择行。</translation>
    </message>
</context>
<context>
    <name>Audit</name>
    <message>
        <source>Order: {0}</source>
        <translation>指令：{0}</translation>
    </message>
    <message>
        <source>remark</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>report of a team</source>
        <translation>队伍反馈</translation>
    </message>
    <message>
        <source>Account changed</source>
        <translation>账号变更</translation>
    </message>
    <message>
        <source>Account created</source>
        <translation>账号建立</translation>
    </message>
    <message>
        <source>Second factor of an account</source>
        <translation>账号的第二因子</translation>
    </message>
    <message>
        <source>Account locked</source>
        <translation>账号锁定</translation>
    </message>
    <message>
        <source>Password of an account</source>
        <translation>账号口令</translation>
    </message>
    <message>
        <source>Administrator opened again at the machine</source>
        <translation>在中枢本机恢复管理员账号</translation>
    </message>
    <message>
        <source>Account not changed</source>
        <translation>账号变更被拒绝</translation>
    </message>
    <message>
        <source>Audit found broken</source>
        <translation>发现审计记录被破坏</translation>
    </message>
    <message>
        <source>Audit exported</source>
        <translation>导出审计记录</translation>
    </message>
    <message>
        <source>Key of the audit</source>
        <translation>审计签名密钥</translation>
    </message>
    <message>
        <source>Records lost</source>
        <translation>审计记录丢失</translation>
    </message>
    <message>
        <source>Audit read</source>
        <translation>查阅审计记录</translation>
    </message>
    <message>
        <source>Demo data loaded</source>
        <translation>装载演示数据</translation>
    </message>
    <message>
        <source>Cameras&apos; addresses</source>
        <translation>摄像机地址</translation>
    </message>
    <message>
        <source>Packs changed</source>
        <translation>专题包变更</translation>
    </message>
    <message>
        <source>Policy of the store changed</source>
        <translation>存储策略变更</translation>
    </message>
    <message>
        <source>Data exported</source>
        <translation>数据导出</translation>
    </message>
    <message>
        <source>Backup made</source>
        <translation>备份数据</translation>
    </message>
    <message>
        <source>Hub stores again</source>
        <translation>中枢恢复存储</translation>
    </message>
    <message>
        <source>Hub started</source>
        <translation>中枢启动</translation>
    </message>
    <message>
        <source>Hub stopped</source>
        <translation>中枢停止</translation>
    </message>
    <message>
        <source>Load of a file began</source>
        <translation>开始导入文件</translation>
    </message>
    <message>
        <source>Load of a file ended</source>
        <translation>文件导入结束</translation>
    </message>
    <message>
        <source>Undo of a load began</source>
        <translation>开始撤销文件导入</translation>
    </message>
    <message>
        <source>Load of a file undone</source>
        <translation>撤销文件导入</translation>
    </message>
    <message>
        <source>Login</source>
        <translation>登录</translation>
    </message>
    <message>
        <source>Login ended</source>
        <translation>登录结束</translation>
    </message>
    <message>
        <source>Login used by two</source>
        <translation>登录凭据被重复使用</translation>
    </message>
    <message>
        <source>Replay opened</source>
        <translation>打开回放</translation>
    </message>
    <message>
        <source>Session closed</source>
        <translation>会话结束</translation>
    </message>
    <message>
        <source>Session opened</source>
        <translation>会话建立</translation>
    </message>
    <message>
        <source>Data source began</source>
        <translation>数据源开始接入</translation>
    </message>
    <message>
        <source>Data source ended</source>
        <translation>数据源结束接入</translation>
    </message>
    <message>
        <source>Loss of the log accepted</source>
        <translation>确认日志丢失</translation>
    </message>
    <message>
        <source>Backup brought back</source>
        <translation>恢复备份</translation>
    </message>
    <message>
        <source>Token refused</source>
        <translation>令牌被拒绝</translation>
    </message>
    <message>
        <source>Personal data viewed</source>
        <translation>查看个人信息</translation>
    </message>
</context>
<context>
    <name>AuditController</name>
    <message>
        <source>audit</source>
        <translation>审计记录</translation>
    </message>
    <message>
        <source>{0} is written ({1} bytes)</source>
        <translation>已写入 {0}（{1} 字节）</translation>
    </message>
</context>
<context>
    <name>AuditFilter</name>
    <message>
        <source>The last hour</source>
        <translation>最近 1 小时</translation>
    </message>
    <message>
        <source>The last 24 hours</source>
        <translation>最近 24 小时</translation>
    </message>
    <message>
        <source>The last 7 days</source>
        <translation>最近 7 天</translation>
    </message>
    <message>
        <source>The last 30 days</source>
        <translation>最近 30 天</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>全部时间</translation>
    </message>
    <message>
        <source>From – to</source>
        <translation>起止时间</translation>
    </message>
    <message>
        <source>Account</source>
        <translation>账号</translation>
    </message>
    <message>
        <source>Number or id, from its beginning</source>
        <translation>编号，从开头匹配</translation>
    </message>
    <message>
        <source>Done and refused</source>
        <translation>成功与失败</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>成功</translation>
    </message>
    <message>
        <source>Refused or failed</source>
        <translation>被拒绝或失败</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>查询</translation>
    </message>
    <message>
        <source>Everything that is recorded</source>
        <translation>全部类型</translation>
    </message>
    <message>
        <source>All orders</source>
        <translation>全部指令</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>What</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>人员</translation>
    </message>
    <message>
        <source>To what</source>
        <translation>对象</translation>
    </message>
    <message>
        <source>Beijing time</source>
        <translation>北京时间</translation>
    </message>
</context>
<context>
    <name>AuditView</name>
    <message>
        <source>Export as a table…</source>
        <translation>导出为表格…</translation>
    </message>
    <message>
        <source>Older</source>
        <translation>更早的记录</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>正在读取…</translation>
    </message>
    <message>
        <source>Records</source>
        <translation>记录</translation>
    </message>
    <message>
        <source>Why it is exported – kept with the export</source>
        <translation>导出事由——与导出一并留存</translation>
    </message>
    <message>
        <source>Reason of the export</source>
        <translation>导出事由</translation>
    </message>
    <message>
        <source>Audit</source>
        <translation>审计</translation>
    </message>
    <message>
        <source>No.</source>
        <translation>序号</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>人员</translation>
    </message>
    <message>
        <source>Seat</source>
        <translation>席位</translation>
    </message>
    <message>
        <source>From</source>
        <translation>来源地址</translation>
    </message>
    <message>
        <source>What</source>
        <translation>事项</translation>
    </message>
    <message>
        <source>To what</source>
        <translation>对象</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>done</source>
        <translation>成功</translation>
    </message>
    <message>
        <source>refused: {0}</source>
        <translation>拒绝：{0}</translation>
    </message>
    <message>
        <source>NOT AS IT WAS WRITTEN from record {0} on: {1}</source>
        <translation>自第 {0} 条起与写入时不一致：{1}</translation>
    </message>
    <message>
        <source>Verified up to record {0} of {1}, at {2}</source>
        <translation>已核验至第 {0} 条（共 {1} 条），{2}</translation>
    </message>
    <message>
        <source> · signed up to {0}, at {1}</source>
        <translation> · 已签名至第 {0} 条，{1}</translation>
    </message>
    <message>
        <source>Nothing on record matches.</source>
        <translation>没有符合条件的记录。</translation>
    </message>
    <message>
        <source>The newest {0} records; there are older ones</source>
        <translation>最新 {0} 条记录；还有更早的记录</translation>
    </message>
    <message>
        <source>All {0} records that match</source>
        <translation>符合条件的全部 {0} 条记录</translation>
    </message>
    <message>
        <source>Choose a record to see everything that it says.</source>
        <translation>选择一条记录以查看全部内容。</translation>
    </message>
    <message>
        <source>Say why first: it is kept on record.</source>
        <translation>请先填写事由：事由会留存在审计记录中。</translation>
    </message>
</context>
<context>
    <name>AuditWindow</name>
    <message>
        <source>Audit – OneMap Console</source>
        <translation>审计 – 城运一图</translation>
    </message>
</context>
<context>
    <name>AxisStrip</name>
    <message>
        <source>No alarm in this time.</source>
        <translation>这段时间没有报警。</translation>
    </message>
</context>
<context>
    <name>BaseMapCache</name>
    <message>
        <source>keep nothing</source>
        <translation>不缓存</translation>
    </message>
    <message>
        <source>Size of the cache of tiles</source>
        <translation>瓦片缓存上限</translation>
    </message>
    <message>
        <source>Empty</source>
        <translation>清空</translation>
    </message>
    <message>
        <source>Tiles are fetched again when they are looked at</source>
        <translation>再次查看时重新获取瓦片</translation>
    </message>
    <message>
        <source>Tiles kept on this machine, at most</source>
        <translation>本机瓦片缓存上限</translation>
    </message>
    <message>
        <source>{0} used</source>
        <translation>已用 {0}</translation>
    </message>
</context>
<context>
    <name>BaseMapController</name>
    <message>
        <source>Add, tone, download…</source>
        <translation>添加、调色、下载…</translation>
    </message>
</context>
<context>
    <name>BaseMapForm</name>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>Read the layers</source>
        <translation>读取图层</translation>
    </message>
    <message>
        <source>Save and show</source>
        <translation>保存并显示</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Not shown: {0}</source>
        <translation>不能显示：{0}</translation>
    </message>
    <message>
        <source>No layer of this service can be shown.</source>
        <translation>此服务没有可显示的图层。</translation>
    </message>
    <message>
        <source>WGS-84 / CGCS2000, not shifted</source>
        <translation>WGS-84 / CGCS2000，无偏移</translation>
    </message>
    <message>
        <source>GCJ-02, most commercial maps</source>
        <translation>GCJ-02，多数商业地图</translation>
    </message>
    <message>
        <source>BD-09</source>
        <translation>BD-09</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>图层</translation>
    </message>
    <message>
        <source>Labels over it</source>
        <translation>注记图层地址</translation>
    </message>
    <message>
        <source>{s} may be</source>
        <translation>{s} 可取</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>密钥</translation>
    </message>
    <message>
        <source>Datum</source>
        <translation>坐标基准</translation>
    </message>
    <message>
        <source>Levels</source>
        <translation>级别</translation>
    </message>
    <message>
        <source>Said on the map</source>
        <translation>图上署名</translation>
    </message>
    <message>
        <source>Path of an MBTiles or PMTiles file</source>
        <translation>MBTiles 或 PMTiles 文件路径</translation>
    </message>
    <message>
        <source>Address of the service, http:// or https://</source>
        <translation>服务地址，http:// 或 https://</translation>
    </message>
    <message>
        <source>Base map file</source>
        <translation>底图文件</translation>
    </message>
</context>
<context>
    <name>BaseMapList</name>
    <message>
        <source>Window</source>
        <translation>窗口</translation>
    </message>
    <message>
        <source>Add a base map…</source>
        <translation>添加底图…</translation>
    </message>
    <message>
        <source>Shown in</source>
        <translation>显示于</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Opacity</source>
        <translation>不透明度</translation>
    </message>
    <message>
        <source>Grey</source>
        <translation>灰度</translation>
    </message>
    <message>
        <source>Brightness</source>
        <translation>亮度</translation>
    </message>
    <message>
        <source>Tone of tile maps, so that marks stay legible</source>
        <translation>瓦片底图的色调，使标记清晰可读</translation>
    </message>
    <message>
        <source>As they come</source>
        <translation>原样</translation>
    </message>
    <message>
        <source>Show tile maps without any toning</source>
        <translation>不调整瓦片底图的色调</translation>
    </message>
</context>
<context>
    <name>BaseMapRegion</name>
    <message>
        <source>What the map shows now</source>
        <translation>地图当前范围</translation>
    </message>
    <message>
        <source>The district, within its outline</source>
        <translation>全区（区界内）</translation>
    </message>
    <message>
        <source>The provider has allowed this download</source>
        <translation>服务方已允许此下载</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>下载</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Unfinished: {0}</source>
        <translation>未完成：{0}</translation>
    </message>
    <message>
        <source>Area</source>
        <translation>范围</translation>
    </message>
    <message>
        <source>Levels</source>
        <translation>级别</translation>
    </message>
    <message>
        <source>Questions a second</source>
        <translation>每秒请求数</translation>
    </message>
    <message>
        <source>Name of the file</source>
        <translation>文件名</translation>
    </message>
    <message>
        <source>First level</source>
        <translation>起始级别</translation>
    </message>
    <message>
        <source>Last level</source>
        <translation>最高级别</translation>
    </message>
    <message>
        <source>End for now</source>
        <translation>暂且结束</translation>
    </message>
    <message>
        <source>Counting…</source>
        <translation>正在统计…</translation>
    </message>
</context>
<context>
    <name>BaseMapRegionController</name>
    <message>
        <source>Download “{0}”</source>
        <translation>下载“{0}”</translation>
    </message>
    <message>
        <source>The public terms of this provider forbid the download of whole regions. Ask it, or use a mirror of your own.</source>
        <translation>该服务的公开条款禁止下载整片区域，请先取得许可，或使用自有镜像。</translation>
    </message>
    <message>
        <source>Many providers forbid the download of whole regions, or want to be asked before.</source>
        <translation>许多服务方禁止下载整片区域，或要求事先取得许可。</translation>
    </message>
    <message>
        <source>{0} tiles, about {1}, {2} at this rate</source>
        <translation>{0} 个瓦片，约 {1}，按此速率需 {2}</translation>
    </message>
    <message>
        <source>{0}: {1} of {2} tiles, {3} of about {4}, {5} left</source>
        <translation>{0}：{1}/{2} 个瓦片，{3}（共约 {4}），还需 {5}</translation>
    </message>
    <message>
        <source>by level {0}</source>
        <translation>各级：{0}</translation>
    </message>
    <message>
        <source>{0}: looking for what is there already</source>
        <translation>{0}：正在查看已有瓦片</translation>
    </message>
    <message>
        <source>This failed inside the program; the log file says why.</source>
        <translation>程序内部出错，原因见日志文件。</translation>
    </message>
</context>
<context>
    <name>BaseMaps</name>
    <message>
        <source>This base map begins at a larger scale. Zoom in.</source>
        <translation>此底图从更大比例尺开始，请放大。</translation>
    </message>
    <message>
        <source>Schematic map</source>
        <translation>示意图</translation>
    </message>
    <message>
        <source>kept tiles from {0}</source>
        <translation>显示 {0} 缓存的瓦片</translation>
    </message>
    <message>
        <source>schematic map instead</source>
        <translation>以示意图代替</translation>
    </message>
    <message>
        <source>The tile server has not answered since {0}</source>
        <translation>瓦片服务自 {0} 起无应答</translation>
    </message>
    <message>
        <source>The tile server refuses the key</source>
        <translation>瓦片服务拒绝此密钥</translation>
    </message>
    <message>
        <source>This base map cannot be used: a field makes no sense.</source>
        <translation>此底图不可用：有一项填写无意义。</translation>
    </message>
    <message>
        <source>The address must begin with http:// or https:// and hold {{z}}, {{x}} and {{y}} after the host; or it is the path of a file.</source>
        <translation>地址须以 http:// 或 https:// 开头，并在主机之后含 {{z}}、{{x}}、{{y}}；或为文件路径。</translation>
    </message>
    <message>
        <source>The address of the labels must begin with http:// or https:// and hold {{z}}, {{x}} and {{y}} after the host.</source>
        <translation>注记地址须以 http:// 或 https:// 开头，并在主机之后含 {{z}}、{{x}}、{{y}}。</translation>
    </message>
    <message>
        <source>A base map needs a name.</source>
        <translation>底图需要名称。</translation>
    </message>
    <message>
        <source>Levels go from 0 to 23, the first not after the last.</source>
        <translation>级别为 0 到 23，起始级别不大于最高级别。</translation>
    </message>
    <message>
        <source>Say what may stand for {{s}} in the address: short names with commas between.</source>
        <translation>请填写地址中 {{s}} 的取值：短名称，用逗号分隔。</translation>
    </message>
    <message>
        <source>BD-09 tiles lie on a grid of their own and cannot be shown. Take the same provider&apos;s GCJ-02 tiles, or another source.</source>
        <translation>BD-09 瓦片使用自有格网，无法显示。请改用同一服务方的 GCJ-02 瓦片或其他来源。</translation>
    </message>
    <message>
        <source>The file of base maps cannot be used ({why}). It is left as it is; the schematic map is shown.</source>
        <translation>底图配置文件不可用（{why}）。文件保持原样，显示示意图。</translation>
    </message>
    <message>
        <source>The base map could not be written to this desk&apos;s disk.</source>
        <translation>底图未能写入本席磁盘。</translation>
    </message>
    <message>
        <source>This base map is not there any more.</source>
        <translation>此底图已不存在。</translation>
    </message>
    <message>
        <source>There are too many base maps already.</source>
        <translation>底图数量已达上限。</translation>
    </message>
    <message>
        <source>The capabilities of this WMTS cannot be used: {why}</source>
        <translation>此 WMTS 的能力文档不可用：{why}</translation>
    </message>
    <message>
        <source>Read the layers of the service and choose one.</source>
        <translation>请先读取服务的图层并选择一个。</translation>
    </message>
    <message>
        <source>The tile server cannot be used ({why}).</source>
        <translation>瓦片服务不可用（{why}）。</translation>
    </message>
    <message>
        <source>This base map needs a key</source>
        <translation>此底图需要密钥</translation>
    </message>
    <message>
        <source>What came is no picture of a tile: {why}</source>
        <translation>收到的不是瓦片图片：{why}</translation>
    </message>
    <message>
        <source>{name} cannot be used as MBTiles: {why}</source>
        <translation>{name} 不能用作 MBTiles：{why}</translation>
    </message>
    <message>
        <source>{name} cannot be used as PMTiles: {why}</source>
        <translation>{name} 不能用作 PMTiles：{why}</translation>
    </message>
    <message>
        <source>This file holds vector tiles; only pictures (PNG, JPEG, WebP) can be shown.</source>
        <translation>此文件是矢量瓦片，只能显示图片瓦片（PNG、JPEG、WebP）。</translation>
    </message>
    <message>
        <source>The file cannot be written: {why}</source>
        <translation>文件无法写入：{why}</translation>
    </message>
    <message>
        <source>Tiles are not kept on this desk: {why}</source>
        <translation>本席未缓存瓦片：{why}</translation>
    </message>
    <message>
        <source>The disk is full. What came is kept: free space, then go on.</source>
        <translation>磁盘已满。已下载的部分保留：腾出空间后继续。</translation>
    </message>
    <message>
        <source>The region takes about {need}, and {free} are free on the disk.</source>
        <translation>该区域约需 {need}，磁盘仅剩 {free}。</translation>
    </message>
    <message>
        <source>The cache takes 0 to {most} MB.</source>
        <translation>缓存上限为 0 至 {most} MB。</translation>
    </message>
    <message>
        <source>The disk of this desk is full: tiles are not kept.</source>
        <translation>本席磁盘已满，未缓存瓦片。</translation>
    </message>
    <message>
        <source>This region cannot be downloaded: {why}</source>
        <translation>此区域不能下载：{why}</translation>
    </message>
    <message>
        <source>The region has more than {most} tiles at these levels. Take a smaller one, or fewer levels.</source>
        <translation>此区域在这些级别超过 {most} 个瓦片，请缩小区域或减少级别。</translation>
    </message>
    <message>
        <source>Only a tile server&apos;s map can be downloaded.</source>
        <translation>只有瓦片服务的底图可以下载。</translation>
    </message>
    <message>
        <source>{name} is the download of another base map or region. Choose another name.</source>
        <translation>{name} 是另一底图或另一区域的下载，请换一个名称。</translation>
    </message>
    <message>
        <source>The rate is a number of questions a second, above 0.</source>
        <translation>速率是每秒请求数，须大于 0。</translation>
    </message>
    <message>
        <source>Another program is changing {name}. Try again.</source>
        <translation>另一程序正在修改 {name}，请重试。</translation>
    </message>
    <message>
        <source>{name} is there already. Choose another name.</source>
        <translation>{name} 已经存在，请换一个名称。</translation>
    </message>
    <message>
        <source>{count} tiles did not come. Go on with the download to fetch them.</source>
        <translation>{count} 个瓦片未取到，请继续下载以补齐。</translation>
    </message>
    <message>
        <source>The tile server does not let this be downloaded ({why}).</source>
        <translation>瓦片服务不允许下载（{why}）。</translation>
    </message>
    <message>
        <source>Another region is being downloaded already.</source>
        <translation>已有区域正在下载。</translation>
    </message>
    <message>
        <source>The tile server takes no more questions for now</source>
        <translation>瓦片服务暂时拒绝更多请求</translation>
    </message>
    <message>
        <source>The tile server has failed since {0} ({1})</source>
        <translation>瓦片服务自 {0} 起出错（{1}）</translation>
    </message>
    <message>
        <source>The tile server has sent no pictures since {0}</source>
        <translation>瓦片服务自 {0} 起返回的不是图片</translation>
    </message>
    <message>
        <source>The tile server points elsewhere, which is not followed</source>
        <translation>瓦片服务指向其他地址，未跟随</translation>
    </message>
    <message>
        <source>The tile server&apos;s certificate is not trusted</source>
        <translation>瓦片服务的证书不受信任</translation>
    </message>
    <message>
        <source>The base map&apos;s file cannot be read</source>
        <translation>底图文件无法读取</translation>
    </message>
    <message>
        <source>The tile server does not answer</source>
        <translation>瓦片服务无应答</translation>
    </message>
    <message>
        <source>The tile server fails</source>
        <translation>瓦片服务出错</translation>
    </message>
    <message>
        <source>What the tile server sends is no picture</source>
        <translation>瓦片服务返回的不是图片</translation>
    </message>
</context>
<context>
    <name>BaseMapsController</name>
    <message>
        <source>comes with the program, needs no line</source>
        <translation>随软件提供，无需网络</translation>
    </message>
    <message>
        <source>levels {0} to {1}</source>
        <translation>{0}–{1} 级</translation>
    </message>
    <message>
        <source>Duty desk</source>
        <translation>值班席</translation>
    </message>
    <message>
        <source>Wall</source>
        <translation>大屏</translation>
    </message>
    <message>
        <source>Replay</source>
        <translation>回放</translation>
    </message>
    <message>
        <source>Map</source>
        <translation>地图</translation>
    </message>
    <message>
        <source>Remove “{0}”? Its files stay.</source>
        <translation>移除“{0}”？其文件保留。</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Checking…</source>
        <translation>正在检查…</translation>
    </message>
    <message>
        <source>It answers, but has no tile of level {0} in the district.</source>
        <translation>有应答，但本区没有第 {0} 级瓦片。</translation>
    </message>
    <message>
        <source>Good: level {0}, {1}, {2} pixels, {3} in {4} s</source>
        <translation>正常：第 {0} 级，{1}，{2} 像素，{3}，用时 {4} 秒</translation>
    </message>
    <message>
        <source>WMTS, by what it offers</source>
        <translation>WMTS（按服务能力选择）</translation>
    </message>
    <message>
        <source>File: MBTiles or PMTiles</source>
        <translation>文件：MBTiles 或 PMTiles</translation>
    </message>
    <message>
        <source>This failed inside the program; the log file says why.</source>
        <translation>程序内部出错，原因见日志文件。</translation>
    </message>
</context>
<context>
    <name>BaseMapsDialog</name>
    <message>
        <source>Base maps</source>
        <translation>底图</translation>
    </message>
</context>
<context>
    <name>BookmarkView</name>
    <message>
        <source>Bookmarks</source>
        <translation>书签</translation>
    </message>
    <message>
        <source>No view is kept yet. “Keep this view” gives the one that you see a name.</source>
        <translation>还没有保存视图。“保存此视图”可为当前视图命名。</translation>
    </message>
    <message>
        <source>Keep this view</source>
        <translation>保存此视图</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
    <message>
        <source>Another name (F2)</source>
        <translation>改名（F2）</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
</context>
<context>
    <name>BusyLine</name>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
</context>
<context>
    <name>CardPanel</name>
    <message>
        <source>Close the card (Esc)</source>
        <translation>关闭卡片（Esc）</translation>
    </message>
    <message>
        <source>Nothing is chosen. Click a symbol on the map.</source>
        <translation>未选择对象，请点击地图上的图标。</translation>
    </message>
</context>
<context>
    <name>CaseQueuePanel</name>
    <message>
        <source>Cases</source>
        <translation>案件</translation>
    </message>
    <message>
        <source>Number</source>
        <translation>编号</translation>
    </message>
    <message>
        <source>Case</source>
        <translation>案件</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>地点</translation>
    </message>
    <message>
        <source>Time left</source>
        <translation>剩余时间</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>With</source>
        <translation>承办</translation>
    </message>
    <message>
        <source>Show only cases with this light: {0}</source>
        <translation>只看亮此灯的案件：{0}</translation>
    </message>
    <message>
        <source>Cases · {0} open</source>
        <translation>案件 · {0} 件未结</translation>
    </message>
    <message>
        <source>{0} of {1} shown</source>
        <translation>显示 {0}，共 {1}</translation>
    </message>
    <message>
        <source>The filter hides all {0} cases; press its light again.</source>
        <translation>{0} 件案件全被筛选隐藏，再按一次该灯即可恢复。</translation>
    </message>
    <message>
        <source>No case is open. A new one appears here by itself.</source>
        <translation>当前无未结案件，新案件会自动出现在这里。</translation>
    </message>
    <message>
        <source>urged · {0}</source>
        <translation>督办 · {0}</translation>
    </message>
</context>
<context>
    <name>CaseView</name>
    <message>
        <source>Response plan</source>
        <translation>响应预案</translation>
    </message>
    <message>
        <source>Facts</source>
        <translation>基本信息</translation>
    </message>
    <message>
        <source>Flow record</source>
        <translation>流程记录</translation>
    </message>
    <message>
        <source>Not possible here.</source>
        <translation>此处不能操作。</translation>
    </message>
    <message>
        <source>Number</source>
        <translation>编号</translation>
    </message>
    <message>
        <source>Category</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>Severity</source>
        <translation>严重程度</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>地点</translation>
    </message>
    <message>
        <source>Department</source>
        <translation>责任部门</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Grid</source>
        <translation>网格</translation>
    </message>
    <message>
        <source>Reported</source>
        <translation>上报时间</translation>
    </message>
    <message>
        <source>Limit</source>
        <translation>处置时限</translation>
    </message>
    <message>
        <source>Deadline</source>
        <translation>截止时间</translation>
    </message>
    <message>
        <source>Handled by</source>
        <translation>经办人</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>数据</translation>
    </message>
    <message>
        <source>simulated</source>
        <translation>模拟</translation>
    </message>
    <message>
        <source>Days</source>
        <translation>天数</translation>
    </message>
    <message>
        <source>Recall</source>
        <translation>召回</translation>
    </message>
    <message>
        <source>Called back: {0}. The others go on.</source>
        <translation>召回：{0}。其余队伍继续。</translation>
    </message>
    <message>
        <source>Note (optional)</source>
        <translation>备注（可选）</translation>
    </message>
    <message>
        <source>Teams called back: {0}. Stock lines free again: {1}.</source>
        <translation>将召回 {0} 支队伍，释放 {1} 项物资。</translation>
    </message>
</context>
<context>
    <name>CaseWords</name>
    <message>
        <source>Open a case</source>
        <translation>新建案件</translation>
    </message>
    <message>
        <source>Amend…</source>
        <translation>补充…</translation>
    </message>
    <message>
        <source>Accept</source>
        <translation>受理</translation>
    </message>
    <message>
        <source>Have it verified</source>
        <translation>派核实</translation>
    </message>
    <message>
        <source>Verified</source>
        <translation>核实属实</translation>
    </message>
    <message>
        <source>Do not accept…</source>
        <translation>不予受理…</translation>
    </message>
    <message>
        <source>Register</source>
        <translation>立案</translation>
    </message>
    <message>
        <source>Assign…</source>
        <translation>派遣部门…</translation>
    </message>
    <message>
        <source>Dispatch here</source>
        <translation>在此派遣队伍</translation>
    </message>
    <message>
        <source>Take on…</source>
        <translation>接办…</translation>
    </message>
    <message>
        <source>Revoke assignee</source>
        <translation>撤回经办人</translation>
    </message>
    <message>
        <source>Work finished</source>
        <translation>处置完毕</translation>
    </message>
    <message>
        <source>Hand back…</source>
        <translation>处置反馈…</translation>
    </message>
    <message>
        <source>Checked</source>
        <translation>核查通过</translation>
    </message>
    <message>
        <source>Close…</source>
        <translation>结案…</translation>
    </message>
    <message>
        <source>Return…</source>
        <translation>退回…</translation>
    </message>
    <message>
        <source>Repaired…</source>
        <translation>已补正…</translation>
    </message>
    <message>
        <source>Void…</source>
        <translation>作废…</translation>
    </message>
    <message>
        <source>Suspend…</source>
        <translation>挂账…</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>恢复办理</translation>
    </message>
    <message>
        <source>Ask for more time…</source>
        <translation>申请延期…</translation>
    </message>
    <message>
        <source>Approve more time</source>
        <translation>同意延期</translation>
    </message>
    <message>
        <source>Refuse more time…</source>
        <translation>不同意延期…</translation>
    </message>
    <message>
        <source>Urge…</source>
        <translation>督办…</translation>
    </message>
    <message>
        <source>Appeal…</source>
        <translation>申诉…</translation>
    </message>
    <message>
        <source>Decide the appeal</source>
        <translation>裁定申诉</translation>
    </message>
    <message>
        <source>Grant the appeal</source>
        <translation>同意申诉</translation>
    </message>
    <message>
        <source>Refuse the appeal…</source>
        <translation>驳回申诉…</translation>
    </message>
    <message>
        <source>Reason (needed)</source>
        <translation>理由（必填）</translation>
    </message>
    <message>
        <source>Note (optional)</source>
        <translation>备注（可不填）</translation>
    </message>
    <message>
        <source>The case is closed for everyone. Its record stays.</source>
        <translation>案件对所有人结案，记录保留。</translation>
    </message>
    <message>
        <source>Close the case</source>
        <translation>结案</translation>
    </message>
    <message>
        <source>The case is voided: it counts as never justified. This cannot be undone.</source>
        <translation>案件作废：视为自始不成立，不可撤销。</translation>
    </message>
    <message>
        <source>Void the case</source>
        <translation>作废案件</translation>
    </message>
    <message>
        <source>The report is not accepted and ends here.</source>
        <translation>该上报不予受理，到此结束。</translation>
    </message>
    <message>
        <source>Do not accept it</source>
        <translation>不予受理</translation>
    </message>
    <message>
        <source>Return the case</source>
        <translation>退回案件</translation>
    </message>
    <message>
        <source>The work is done; the limit is judged now.</source>
        <translation>处置已完成，是否超时以此刻为准。</translation>
    </message>
    <message>
        <source>Hand the case back</source>
        <translation>反馈</translation>
    </message>
    <message>
        <source>The case is marked as urged and becomes one severity worse.</source>
        <translation>案件标记为督办，严重程度提高一级。</translation>
    </message>
    <message>
        <source>Urge the case</source>
        <translation>督办</translation>
    </message>
    <message>
        <source>One original limit more, once two persons approve.</source>
        <translation>经两级审批后，再增加一个原定时限。</translation>
    </message>
    <message>
        <source>Ask for more time</source>
        <translation>申请延期</translation>
    </message>
    <message>
        <source>The deadline stays as it is.</source>
        <translation>截止时间不变。</translation>
    </message>
    <message>
        <source>Refuse more time</source>
        <translation>不同意延期</translation>
    </message>
    <message>
        <source>Granted, the case leaves the statistics; it stays late.</source>
        <translation>申诉成立则不计入统计，超时事实保留。</translation>
    </message>
    <message>
        <source>Appeal</source>
        <translation>申诉</translation>
    </message>
    <message>
        <source>The case stays in the statistics as late.</source>
        <translation>案件仍按超时计入统计。</translation>
    </message>
    <message>
        <source>Refuse the appeal</source>
        <translation>驳回申诉</translation>
    </message>
    <message>
        <source>The department gets the case and takes it on.</source>
        <translation>案件派给该部门，由其接办。</translation>
    </message>
    <message>
        <source>Assign the case</source>
        <translation>派遣</translation>
    </message>
    <message>
        <source>Department</source>
        <translation>责任部门</translation>
    </message>
    <message>
        <source>The case is handled from now on.</source>
        <translation>案件从现在起进入处置。</translation>
    </message>
    <message>
        <source>Take the case on</source>
        <translation>接办</translation>
    </message>
    <message>
        <source>Who handles it</source>
        <translation>经办人</translation>
    </message>
    <message>
        <source>The clock stops; after these days the case resumes by itself.</source>
        <translation>计时停止；到期后案件自动恢复办理。</translation>
    </message>
    <message>
        <source>Suspend the case</source>
        <translation>挂账</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>地点</translation>
    </message>
    <message>
        <source>The description is changed; nothing else moves.</source>
        <translation>只修改案件描述，其余不变。</translation>
    </message>
    <message>
        <source>The case goes back to where it was returned from, repaired.</source>
        <translation>补正后案件回到退回它的环节。</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>the acceptor</source>
        <translation>受理员</translation>
    </message>
    <message>
        <source>the dispatcher</source>
        <translation>派遣员</translation>
    </message>
    <message>
        <source>the department</source>
        <translation>责任部门</translation>
    </message>
    <message>
        <source>The case goes to {0} for repair; nothing of it is lost.</source>
        <translation>案件退给{0}补正，已有内容全部保留。</translation>
    </message>
    <message>
        <source>collect</source>
        <translation>信息收集</translation>
    </message>
    <message>
        <source>open</source>
        <translation>案卷建立</translation>
    </message>
    <message>
        <source>dispatch</source>
        <translation>任务派遣</translation>
    </message>
    <message>
        <source>handle</source>
        <translation>任务处理</translation>
    </message>
    <message>
        <source>report back</source>
        <translation>处理反馈</translation>
    </message>
    <message>
        <source>check and close</source>
        <translation>核查结案</translation>
    </message>
    <message>
        <source>evaluate</source>
        <translation>综合评价</translation>
    </message>
    <message>
        <source>{0} h, urgent</source>
        <translation>{0} 紧急工作时</translation>
    </message>
    <message>
        <source>{0} h of working time</source>
        <translation>{0} 工作时</translation>
    </message>
    <message>
        <source>{0} d of working time</source>
        <translation>{0} 工作日</translation>
    </message>
    <message>
        <source>{0} d</source>
        <translation>{0} 自然日</translation>
    </message>
    <message>
        <source>{0} h</source>
        <translation>{0} 小时</translation>
    </message>
    <message>
        <source>clock stopped until {0}</source>
        <translation>计时暂停至 {0}</translation>
    </message>
    <message>
        <source>{0} working time left</source>
        <translation>剩工时 {0}</translation>
    </message>
    <message>
        <source>{0} working time over</source>
        <translation>超工时 {0}</translation>
    </message>
    <message>
        <source>{0} d {1}</source>
        <translation>{0} 工作日 {1}</translation>
    </message>
    <message>
        <source>urged × {0}</source>
        <translation>督办 {0} 次</translation>
    </message>
    <message>
        <source>overdue</source>
        <translation>已超时</translation>
    </message>
    <message>
        <source>handed back late</source>
        <translation>超时反馈</translation>
    </message>
    <message>
        <source>rework × {0}</source>
        <translation>返工 {0} 次</translation>
    </message>
    <message>
        <source>to be repaired by {0}</source>
        <translation>待{0}补正</translation>
    </message>
    <message>
        <source>more time asked for</source>
        <translation>已申请延期</translation>
    </message>
    <message>
        <source>extended × {0}</source>
        <translation>延期 {0} 次</translation>
    </message>
    <message>
        <source>appealed</source>
        <translation>已申诉</translation>
    </message>
    <message>
        <source>appeal granted, not counted</source>
        <translation>申诉成立，不计入统计</translation>
    </message>
    <message>
        <source>appeal refused</source>
        <translation>申诉驳回</translation>
    </message>
</context>
<context>
    <name>CategoryPage</name>
    <message>
        <source>Values anew</source>
        <translation>刷新取值</translation>
    </message>
    <message>
        <source>Take in new values</source>
        <translation>加入新的取值</translation>
    </message>
    <message>
        <source>all else</source>
        <translation>其他</translation>
    </message>
    <message>
        <source>Field</source>
        <translation>字段</translation>
    </message>
    <message>
        <source>{0} more values are in “all else”.</source>
        <translation>另有 {0} 个取值归入“其他”。</translation>
    </message>
</context>
<context>
    <name>ClassesPage</name>
    <message>
        <source>Field</source>
        <translation>字段</translation>
    </message>
</context>
<context>
    <name>ClosingForm</name>
    <message>
        <source>This is a replay: orders go nowhere.</source>
        <translation>这是回放：命令不会发出。</translation>
    </message>
    <message>
        <source>Click the place where the road is closed · Esc</source>
        <translation>单击道路封闭的位置 · Esc</translation>
    </message>
</context>
<context>
    <name>ClosuresView</name>
    <message>
        <source>Close a road…</source>
        <translation>封闭道路…</translation>
    </message>
    <message>
        <source>Close the road</source>
        <translation>封闭道路</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>{0} min</source>
        <translation>{0} 分钟</translation>
    </message>
    <message>
        <source>until it is opened by order</source>
        <translation>直到下令解除</translation>
    </message>
    <message>
        <source>Name of the road</source>
        <translation>路名</translation>
    </message>
    <message>
        <source>Note (may be left empty)</source>
        <translation>说明（可不填）</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Radius</source>
        <translation>半径</translation>
    </message>
    <message>
        <source>Closed for</source>
        <translation>封闭时长</translation>
    </message>
    <message>
        <source>Open again</source>
        <translation>解除封闭</translation>
    </message>
    <message>
        <source>{0}: the road is open again, and routes go through it.</source>
        <translation>{0}：解除后路线恢复从这里通过。</translation>
    </message>
    <message>
        <source>Open the road</source>
        <translation>解除封闭</translation>
    </message>
    <message>
        <source>All routes and dispatch proposals go round it at once, at every seat.</source>
        <translation>所有席位的路线和派遣建议立即绕行。</translation>
    </message>
    <message>
        <source>Close it now</source>
        <translation>立即封闭</translation>
    </message>
</context>
<context>
    <name>ColumnChooser</name>
    <message>
        <source>Columns</source>
        <translation>列</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>全部显示</translation>
    </message>
    <message>
        <source>As at first</source>
        <translation>恢复默认</translation>
    </message>
    <message>
        <source>Tick what is shown, drag to reorder (Alt+Up, Alt+Down).</source>
        <translation>勾选要显示的列，拖动调整顺序（Alt+上、Alt+下）。</translation>
    </message>
</context>
<context>
    <name>CommandPalette</name>
    <message>
        <source>No command has this name.</source>
        <translation>没有这个名称的命令。</translation>
    </message>
    <message>
        <source>What is to be done?</source>
        <translation>要做什么？</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>命令</translation>
    </message>
</context>
<context>
    <name>ConfirmBar</name>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
</context>
<context>
    <name>Console</name>
    <message>
        <source>Send or drop the dispatch first; the windows are built anew.</source>
        <translation>请先发出或放弃调派：切换时所有窗口会重建。</translation>
    </message>
    <message>
        <source>The wall&apos;s words are in proportion to its window.</source>
        <translation>大屏文字大小随窗口。</translation>
    </message>
    <message>
        <source>The wall is set up to be read from {0} m.</source>
        <translation>大屏已按 {0} 米观看距离设定。</translation>
    </message>
    <message>
        <source>Its screen does not say how large it is.</source>
        <translation>屏幕没有报告自身尺寸。</translation>
    </message>
    <message>
        <source>What it shows does not fit larger: it can be read from {0} m.</source>
        <translation>内容无法再放大：可从 {0} 米处看清。</translation>
    </message>
</context>
<context>
    <name>CurveView</name>
    <message>
        <source>over {0}</source>
        <translation>已超 {0}</translation>
    </message>
    <message>
        <source>limit {0}</source>
        <translation>限值 {0}</translation>
    </message>
    <message>
        <source>next {0}</source>
        <translation>下一限 {0}</translation>
    </message>
</context>
<context>
    <name>DeskController</name>
    <message>
        <source>There are no roads to reckon with.</source>
        <translation>没有可用于计算的道路。</translation>
    </message>
    <message>
        <source>There is no recording of this moment.</source>
        <translation>这一时刻没有录像。</translation>
    </message>
</context>
<context>
    <name>DeskWindow</name>
    <message>
        <source>Replay – OneMap Console</source>
        <translation>回放 – 城运一图</translation>
    </message>
    <message>
        <source>Duty desk – OneMap Console</source>
        <translation>值班席 – 城运一图</translation>
    </message>
    <message>
        <source>REPLAY</source>
        <translation>回放</translation>
    </message>
    <message>
        <source>Past state. Orders are not carried out.</source>
        <translation>历史状态，指令不会执行。</translation>
    </message>
    <message>
        <source>This is a replay: orders go nowhere.</source>
        <translation>这是回放，指令不会执行。</translation>
    </message>
    <message>
        <source>This is a replay: it has no sounds.</source>
        <translation>这是回放，没有声音。</translation>
    </message>
    <message>
        <source>Select unacknowledged alarms in the list first.</source>
        <translation>请先在列表中选中未确认的报警。</translation>
    </message>
    <message>
        <source>Select alarms in the list first.</source>
        <translation>请先在列表中选择报警。</translation>
    </message>
</context>
<context>
    <name>DetailController</name>
    <message>
        <source>This is a replay: orders go nowhere.</source>
        <translation>这是回放，指令不会发出。</translation>
    </message>
    <message>
        <source>To {0}: {1}</source>
        <translation>前往{0}：{1}</translation>
    </message>
    <message>
        <source>There is no recording of this moment.</source>
        <translation>这一时刻没有录像。</translation>
    </message>
</context>
<context>
    <name>DispatchSection</name>
    <message>
        <source>Dispatched</source>
        <translation>已派遣</translation>
    </message>
    <message>
        <source>Recall</source>
        <translation>召回</translation>
    </message>
    <message>
        <source>proposed because {0} is silent</source>
        <translation>{0} 无应答，建议改派</translation>
    </message>
    <message>
        <source>proposed because {0} declined</source>
        <translation>{0} 已拒绝，建议改派</translation>
    </message>
    <message>
        <source>silent since {0}</source>
        <translation>自 {0} 起无应答</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>派出</translation>
    </message>
    <message>
        <source>Somebody else</source>
        <translation>换一个</translation>
    </message>
    <message>
        <source>Recall this team</source>
        <translation>召回该队</translation>
    </message>
    <message>
        <source>{0} used</source>
        <translation>实用 {0}</translation>
    </message>
</context>
<context>
    <name>EntityView</name>
    <message>
        <source>Open video</source>
        <translation>打开视频</translation>
    </message>
    <message>
        <source>New incident here</source>
        <translation>在此新建事件</translation>
    </message>
    <message>
        <source>Zoom to</source>
        <translation>定位</translation>
    </message>
    <message>
        <source>Alarms</source>
        <translation>报警</translation>
    </message>
    <message>
        <source>Values</source>
        <translation>读数</translation>
    </message>
    <message>
        <source>Stock</source>
        <translation>库存</translation>
    </message>
    <message>
        <source>Facts</source>
        <translation>基本信息</translation>
    </message>
    <message>
        <source>Nearest cameras</source>
        <translation>最近的摄像机</translation>
    </message>
    <message>
        <source>Not possible here.</source>
        <translation>此处不能操作。</translation>
    </message>
    <message>
        <source>never heard of</source>
        <translation>从未上报</translation>
    </message>
    <message>
        <source>STALE · {0}</source>
        <translation>陈旧 · {0}</translation>
    </message>
</context>
<context>
    <name>ExportController</name>
    <message>
        <source>{0} rows are too many to copy; export them instead.</source>
        <translation>{0} 行太多，不能复制，请导出。</translation>
    </message>
    <message>
        <source>Copied to the clipboard</source>
        <translation>复制到剪贴板</translation>
    </message>
    <message>
        <source>{0} rows are copied; that is on record.</source>
        <translation>已复制 {0} 行，并已记入审计。</translation>
    </message>
    <message>
        <source>Your role may not export data.</source>
        <translation>您的角色无权导出数据。</translation>
    </message>
    <message>
        <source>no</source>
        <translation>否</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>是</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>数据</translation>
    </message>
    <message>
        <source>About this export</source>
        <translation>导出说明</translation>
    </message>
    <message>
        <source>Written and on record: {0} ({1} KB)</source>
        <translation>已写入并记入审计：{0}（{1} KB）</translation>
    </message>
    <message>
        <source> and </source>
        <translation> 和 </translation>
    </message>
    <message>
        <source>Stopped. Nothing was written; that is on record too.</source>
        <translation>已停止，未写入任何文件；此事也已记入审计。</translation>
    </message>
</context>
<context>
    <name>ExportPanel</name>
    <message>
        <source>Field names and codes, for programs</source>
        <translation>使用字段名和代码（供程序读取）</translation>
    </message>
    <message>
        <source>Byte-order mark, for spreadsheets</source>
        <translation>加字节顺序标记（供电子表格打开）</translation>
    </message>
    <message>
        <source>Export to a file…</source>
        <translation>导出到文件…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>All {0} rows that are shown</source>
        <translation>显示的全部 {0} 行</translation>
    </message>
    <message>
        <source>The {0} selected rows</source>
        <translation>选中的 {0} 行</translation>
    </message>
    <message>
        <source>XLSX – spreadsheet</source>
        <translation>XLSX – 电子表格</translation>
    </message>
    <message>
        <source>CSV – table as text</source>
        <translation>CSV – 文本表格</translation>
    </message>
    <message>
        <source>GeoJSON – for GIS and web</source>
        <translation>GeoJSON – 供 GIS 和网页</translation>
    </message>
    <message>
        <source>GeoPackage – for GIS</source>
        <translation>GeoPackage – 供 GIS</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>Rows</source>
        <translation>行</translation>
    </message>
    <message>
        <source>Datum of the positions</source>
        <translation>坐标基准</translation>
    </message>
    <message>
        <source>Why it is exported – kept on record and in the file</source>
        <translation>导出原因 – 记入审计并写入文件</translation>
    </message>
    <message>
        <source>Reason of the export</source>
        <translation>导出原因</translation>
    </message>
    <message>
        <source>Say why first: it is kept on record.</source>
        <translation>请先填写原因，将记入审计。</translation>
    </message>
</context>
<context>
    <name>ExpressionSelect</name>
    <message>
        <source>Nothing that is shown is like this.</source>
        <translation>显示的对象中没有符合的。</translation>
    </message>
</context>
<context>
    <name>Feed</name>
    <message>
        <source>REPLAY</source>
        <translation>回放</translation>
    </message>
    <message>
        <source>LIVE</source>
        <translation>实时</translation>
    </message>
    <message>
        <source>Connecting {0}</source>
        <translation>正在连接 {0}</translation>
    </message>
    <message>
        <source>STALE {0}</source>
        <translation>数据陈旧 {0}</translation>
    </message>
    <message>
        <source>OFFLINE {0}</source>
        <translation>离线 {0}</translation>
    </message>
    <message>
        <source>Refused {0}</source>
        <translation>被拒绝 {0}</translation>
    </message>
</context>
<context>
    <name>FieldRows</name>
    <message>
        <source>Field</source>
        <translation>字段</translation>
    </message>
    <message>
        <source>Column, or text with columns in braces</source>
        <translation>列名，或用花括号引用列名的文字</translation>
    </message>
    <message>
        <source>Same for all rows</source>
        <translation>所有行相同的值</translation>
    </message>
    <message>
        <source>Unit</source>
        <translation>单位</translation>
    </message>
    <message>
        <source>not filled</source>
        <translation>不填</translation>
    </message>
</context>
<context>
    <name>FieldsPage</name>
    <message>
        <source>not needed</source>
        <translation>不需要</translation>
    </message>
    <message>
        <source>Mend shapes that cross themselves</source>
        <translation>修复自相交的图形</translation>
    </message>
    <message>
        <source>Several shapes of a row become several things</source>
        <translation>一行含多个图形时拆成多个对象</translation>
    </message>
    <message>
        <source>Name for this mapping</source>
        <translation>为此映射命名</translation>
    </message>
    <message>
        <source>Remember</source>
        <translation>记住</translation>
    </message>
    <message>
        <source>First rows as they will be loaded</source>
        <translation>前几行导入后的样子</translation>
    </message>
    <message>
        <source>Rows are</source>
        <translation>行的类型</translation>
    </message>
    <message>
        <source>Mapping</source>
        <translation>映射</translation>
    </message>
    <message>
        <source>Clock of times</source>
        <translation>时间的时区</translation>
    </message>
    <message>
        <source>by names of columns</source>
        <translation>按列名</translation>
    </message>
    <message>
        <source>Row</source>
        <translation>行</translation>
    </message>
    <message>
        <source>What it becomes, or why it is refused</source>
        <translation>导入结果，或拒绝原因</translation>
    </message>
</context>
<context>
    <name>FilePage</name>
    <message>
        <source>Choose a file…</source>
        <translation>选择文件…</translation>
    </message>
    <message>
        <source>Earlier loads</source>
        <translation>以往的导入</translation>
    </message>
    <message>
        <source>Undo this load…</source>
        <translation>撤销这次导入…</translation>
    </message>
    <message>
        <source>Go on with this load</source>
        <translation>继续本次导入</translation>
    </message>
    <message>
        <source>Drop a file here, or choose one</source>
        <translation>把文件拖到这里，或选择文件</translation>
    </message>
    <message>
        <source>CSV, GeoJSON, Shapefile (all its parts, or zipped), GeoPackage, KML, KMZ – up to 100 MB</source>
        <translation>CSV、GeoJSON、Shapefile（全部文件或压缩包）、GeoPackage、KML、KMZ，最大 100 MB</translation>
    </message>
    <message>
        <source>When</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>As</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Rows</source>
        <translation>行数</translation>
    </message>
    <message>
        <source>By</source>
        <translation>操作人</translation>
    </message>
    <message>
        <source>Undo the load of “{0}”? What it made is deleted, what it replaced comes back. What others have changed since stays, and is named.</source>
        <translation>撤销“{0}”的导入？由它新建的将被删除，被它替换的将恢复；此后他人改动过的保留并逐一列出。</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
</context>
<context>
    <name>FilterEditor</name>
    <message>
        <source>Filter: {0}</source>
        <translation>筛选：{0}</translation>
    </message>
    <message>
        <source>Take this filter</source>
        <translation>采用此筛选</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} / {1}</translation>
    </message>
    <message>
        <source>Nothing: all things are drawn</source>
        <translation>留空：全部显示</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>筛选</translation>
    </message>
    <message>
        <source>Fields</source>
        <translation>字段</translation>
    </message>
    <message>
        <source>Values</source>
        <translation>取值</translation>
    </message>
    <message>
        <source>Double click puts the field into the filter</source>
        <translation>双击将字段放入筛选</translation>
    </message>
    <message>
        <source>Double click puts the value into the filter</source>
        <translation>双击将取值放入筛选</translation>
    </message>
    <message>
        <source>As it was</source>
        <translation>恢复原样</translation>
    </message>
    <message>
        <source>Counting…</source>
        <translation>正在计数…</translation>
    </message>
</context>
<context>
    <name>Finder</name>
    <message>
        <source>CGCS2000 zone, central meridian {0}°</source>
        <translation>CGCS2000 3 度带，中央子午线 {0}°</translation>
    </message>
    <message>
        <source>Coordinates in {0}</source>
        <translation>坐标 · {0}</translation>
    </message>
    <message>
        <source>outside of the district, {0} away</source>
        <translation>在辖区外，相距 {0}</translation>
    </message>
    <message>
        <source>Community or village</source>
        <translation>社区（村）</translation>
    </message>
    <message>
        <source>its place is not known: its township&apos;s</source>
        <translation>位置未知，按所属街道显示</translation>
    </message>
</context>
<context>
    <name>Format</name>
    <message>
        <source>Monday</source>
        <translation>星期一</translation>
    </message>
    <message>
        <source>Tuesday</source>
        <translation>星期二</translation>
    </message>
    <message>
        <source>Wednesday</source>
        <translation>星期三</translation>
    </message>
    <message>
        <source>Thursday</source>
        <translation>星期四</translation>
    </message>
    <message>
        <source>Friday</source>
        <translation>星期五</translation>
    </message>
    <message>
        <source>Saturday</source>
        <translation>星期六</translation>
    </message>
    <message>
        <source>Sunday</source>
        <translation>星期日</translation>
    </message>
    <message>
        <source>{0} d</source>
        <translation>{0} 天</translation>
    </message>
    <message>
        <source>{0} d {1}</source>
        <translation>{0} 天 {1}</translation>
    </message>
    <message>
        <source>{0} s ago</source>
        <translation>{0} 秒前</translation>
    </message>
    <message>
        <source>{0} min ago</source>
        <translation>{0} 分钟前</translation>
    </message>
    <message>
        <source>{0} h ago</source>
        <translation>{0} 小时前</translation>
    </message>
    <message>
        <source>{0} d ago</source>
        <translation>{0} 天前</translation>
    </message>
</context>
<context>
    <name>GotoBox</name>
    <message>
        <source>Nothing is called so, and it is no coordinate that can be read.</source>
        <translation>没有这个名称，也不是可识别的坐标。</translation>
    </message>
    <message>
        <source>For example 101.82, 36.60 · 36°36′00″N 101°49′12″E · 4052345.1, 34572345.6 · GCJ-02 101.82, 36.60 · a code, a name, pinyin initials</source>
        <translation>例如 101.82, 36.60 · 36°36′00″N 101°49′12″E · 4052345.1, 34572345.6 · GCJ-02 101.82, 36.60 · 编码、名称、拼音首字母</translation>
    </message>
    <message>
        <source>Coordinates, code, name or initials</source>
        <translation>坐标、编码、名称或拼音首字母</translation>
    </message>
    <message>
        <source>Go to</source>
        <translation>定位到</translation>
    </message>
    <message>
        <source>Coordinates without a datum are</source>
        <translation>未注明坐标系时按</translation>
    </message>
</context>
<context>
    <name>HeatPage</name>
    <message>
        <source>Radius</source>
        <translation>半径</translation>
    </message>
    <message>
        <source>every thing alike</source>
        <translation>每个对象相同</translation>
    </message>
    <message>
        <source>Things in alarm keep their marks.</source>
        <translation>报警对象保留其符号。</translation>
    </message>
    <message>
        <source>Weight</source>
        <translation>权重</translation>
    </message>
</context>
<context>
    <name>HelpWindow</name>
    <message>
        <source>Manual – OneMap Console</source>
        <translation>操作手册 – 城运一图</translation>
    </message>
</context>
<context>
    <name>IdentifyView</name>
    <message>
        <source>Take “What is here” on the map and click a point.</source>
        <translation>请在地图上取用“此处有什么”，再单击一点。</translation>
    </message>
    <message>
        <source>What is here</source>
        <translation>此处有什么</translation>
    </message>
    <message>
        <source>Nothing that is shown lies here.</source>
        <translation>此处没有已显示的对象。</translation>
    </message>
    <message>
        <source>and {0} more; zoom in to part them</source>
        <translation>另有 {0} 个，放大后可分开</translation>
    </message>
</context>
<context>
    <name>ImportRun</name>
    <message>
        <source>Cases</source>
        <translation>案件</translation>
    </message>
    <message>
        <source>Rows are loaded as: {0}</source>
        <translation>导入为：{0}</translation>
    </message>
    <message>
        <source>Positions: EPSG:{0}, {1}</source>
        <translation>坐标：EPSG:{0}，{1}</translation>
    </message>
    <message>
        <source>Things and cases with the same number are replaced; undo brings them back.</source>
        <translation>编号相同的对象和案件将被替换，撤销可恢复。</translation>
    </message>
    <message>
        <source>What was loaded before is in the list of loads; go on with it or undo it there.</source>
        <translation>此前导入的部分在导入列表中，可在那里继续或撤销。</translation>
    </message>
    <message>
        <source>Undoing: {0} of {1}</source>
        <translation>正在撤销：{0} / {1}</translation>
    </message>
    <message>
        <source>Loading: {0} rows</source>
        <translation>正在导入：{0} 行</translation>
    </message>
    <message>
        <source>Paused after {0} rows</source>
        <translation>已暂停，已读 {0} 行</translation>
    </message>
</context>
<context>
    <name>ImportWindow</name>
    <message>
        <source>Import data – OneMap Console</source>
        <translation>导入数据 – 城运一图</translation>
    </message>
    <message>
        <source>Stop it first; then the window can be closed.</source>
        <translation>请先停止，再关闭窗口。</translation>
    </message>
</context>
<context>
    <name>ImportWizard</name>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Contents</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Fields</source>
        <translation>字段</translation>
    </message>
    <message>
        <source>Load</source>
        <translation>导入</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>上一步</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>下一步</translation>
    </message>
</context>
<context>
    <name>Imports</name>
    <message>
        <source>The file is not there, or it cannot be read.</source>
        <translation>文件不存在或无法读取。</translation>
    </message>
    <message>
        <source>The file is empty.</source>
        <translation>文件为空。</translation>
    </message>
    <message>
        <source>The file is of another kind than its name says. What is read: CSV, GeoJSON, shapefile (also zipped), GeoPackage, KML and KMZ.</source>
        <translation>文件内容与其名称不符。可读取：CSV、GeoJSON、Shapefile（含压缩包）、GeoPackage、KML 和 KMZ。</translation>
    </message>
    <message>
        <source>A shapefile is several files. One of them is missing beside it: {part}. Copy all of them, or pack them into one .zip.</source>
        <translation>Shapefile 由多个文件组成，旁边缺少：{part}。请复制全部文件，或打成一个 .zip 包。</translation>
    </message>
    <message>
        <source>The file is broken, or reading it took too much memory or time.</source>
        <translation>文件已损坏，或读取所需的内存、时间过多。</translation>
    </message>
    <message>
        <source>Reading the file took too long and was given up.</source>
        <translation>读取文件耗时过长，已放弃。</translation>
    </message>
    <message>
        <source>The archive cannot be unpacked safely: it is broken, encrypted, swells, or holds names that lead out of it.</source>
        <translation>压缩包无法安全解压：已损坏、已加密、解压后异常膨胀，或含有指向包外的名称。</translation>
    </message>
    <message>
        <source>The archive holds no shapefile, KML or GeoPackage.</source>
        <translation>压缩包中没有 Shapefile、KML 或 GeoPackage。</translation>
    </message>
    <message>
        <source>The archive holds {count} files of maps. Unpack it and choose one.</source>
        <translation>压缩包中有 {count} 个地图文件，请解压后选择其中一个。</translation>
    </message>
    <message>
        <source>The file has several layers. Choose one: {layers}</source>
        <translation>文件有多个图层，请选择：{layers}</translation>
    </message>
    <message>
        <source>The first line of the table cannot be read as a header.</source>
        <translation>表格首行无法作为表头读取。</translation>
    </message>
    <message>
        <source>The file is no valid GeoJSON.</source>
        <translation>文件不是有效的 GeoJSON。</translation>
    </message>
    <message>
        <source>The texts of the file are not in this encoding. Choose another one.</source>
        <translation>文件中的文字不是这种编码，请另选编码。</translation>
    </message>
    <message>
        <source>It was stopped.</source>
        <translation>已停止。</translation>
    </message>
    <message>
        <source>Nothing is known of this load any more.</source>
        <translation>已没有这次导入的记录。</translation>
    </message>
    <message>
        <source>The file does not say in which reference system its coordinates are. Choose it.</source>
        <translation>文件未说明坐标所用的坐标系，请选择。</translation>
    </message>
    <message>
        <source>These coordinates are no place in the reference system that was chosen.</source>
        <translation>按所选坐标系，这些坐标不是有效位置。</translation>
    </message>
    <message>
        <source>There is no reference system of this number.</source>
        <translation>没有这个编号的坐标系。</translation>
    </message>
    <message>
        <source>There is no such datum.</source>
        <translation>没有这种基准。</translation>
    </message>
    <message>
        <source>Its shape cannot be used: it crosses itself, is broken, or is not the one shape that this kind has.</source>
        <translation>图形不可用：自相交、已损坏，或不是该类型应有的单个图形。</translation>
    </message>
    <message>
        <source>The row cannot be read.</source>
        <translation>该行无法读取。</translation>
    </message>
    <message>
        <source>The row has more or fewer cells than the header.</source>
        <translation>该行的单元格数与表头不一致。</translation>
    </message>
    <message>
        <source>The feature cannot be read.</source>
        <translation>该要素无法读取。</translation>
    </message>
    <message>
        <source>A text of the row is not in the file&apos;s encoding.</source>
        <translation>该行有文字不符合文件编码。</translation>
    </message>
    <message>
        <source>A number has more digits than a number can have; keep it as text.</source>
        <translation>数字位数过多，无法准确表示；请以文本保存。</translation>
    </message>
    <message>
        <source>A cell that should hold a number does not.</source>
        <translation>应为数字的单元格不是数字。</translation>
    </message>
    <message>
        <source>A cell that should say yes or no does not.</source>
        <translation>应为“是/否”的单元格内容不符。</translation>
    </message>
    <message>
        <source>A cell that should hold a time does not.</source>
        <translation>应为时间的单元格不是时间。</translation>
    </message>
    <message>
        <source>A time does not say in which time zone it is. Choose the zone.</source>
        <translation>时间未注明时区，请选择时区。</translation>
    </message>
    <message>
        <source>There is no such time zone.</source>
        <translation>没有这个时区。</translation>
    </message>
    <message>
        <source>A row before it has the same number.</source>
        <translation>前面已有相同编号的行。</translation>
    </message>
    <message>
        <source>No such mapping is remembered.</source>
        <translation>没有记住这样的映射。</translation>
    </message>
    <message>
        <source>Readings, states and signs of life come from whoever observes them, as they happen; a file cannot say them.</source>
        <translation>读数、状态和在线情况由其观测来源实时上报，文件不能代为填写。</translation>
    </message>
    <message>
        <source>The file has no such column.</source>
        <translation>文件中没有这一列。</translation>
    </message>
    <message>
        <source>The hub knows no such kind of thing.</source>
        <translation>中枢不认识这种类型。</translation>
    </message>
    <message>
        <source>This unit is not known here.</source>
        <translation>不认识这个单位。</translation>
    </message>
    <message>
        <source>This unit cannot be turned into the unit that the field has.</source>
        <translation>该单位无法换算成字段所用的单位。</translation>
    </message>
    <message>
        <source>It was changed or worked on since; it stays as it is.</source>
        <translation>此后已被修改或处理，保持现状。</translation>
    </message>
    <message>
        <source>It is in use now (dispatched, or it holds stock); it stays.</source>
        <translation>正在使用（已派遣或存有物资），予以保留。</translation>
    </message>
    <message>
        <source>The hub&apos;s record is not the one that this was loaded into, so it cannot be undone.</source>
        <translation>中枢的记录已不是导入时的那一份，无法撤销。</translation>
    </message>
    <message>
        <source>This load was undone already.</source>
        <translation>这次导入已经撤销。</translation>
    </message>
    <message>
        <source>This load is being undone; it takes no more rows.</source>
        <translation>此批导入正在撤销，不再接收数据行。</translation>
    </message>
    <message>
        <source>Somebody else loaded this ({user}). Only they or a system administrator can undo it.</source>
        <translation>此批数据由他人（{user}）导入，只有其本人或系统管理员可以撤销。</translation>
    </message>
    <message>
        <source>Another load has this number. Load the file again.</source>
        <translation>此批次号已被另一次导入占用，请重新导入文件。</translation>
    </message>
    <message>
        <source>This desk&apos;s program is older than the hub&apos;s. Bring it up to the same version, then load or undo again.</source>
        <translation>本席程序版本低于中枢。请升级到同一版本后再导入或撤销。</translation>
    </message>
    <message>
        <source>Somebody is working on this load just now.</source>
        <translation>这次导入正在被处理。</translation>
    </message>
    <message>
        <source>The record of which rows of this load went out is damaged (line {line}), so it cannot be gone on with. Undo it and load the file again.</source>
        <translation>此批导入的发送记录已损坏（第 {line} 行），无法继续。请撤销后重新导入文件。</translation>
    </message>
    <message>
        <source>The file is not the one any more that was being loaded.</source>
        <translation>文件已不是当时导入的那一份。</translation>
    </message>
    <message>
        <source>This load has ended; there is nothing to go on with.</source>
        <translation>这次导入已结束，没有可继续的内容。</translation>
    </message>
    <message>
        <source>Number</source>
        <translation>编号</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Longitude or east</source>
        <translation>经度或东坐标</translation>
    </message>
    <message>
        <source>Latitude or north</source>
        <translation>纬度或北坐标</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Category code</source>
        <translation>类别代码</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>标题</translation>
    </message>
    <message>
        <source>Severity</source>
        <translation>级别</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Department</source>
        <translation>部门</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Reported at</source>
        <translation>上报时间</translation>
    </message>
    <message>
        <source>Deadline</source>
        <translation>截止时间</translation>
    </message>
    <message>
        <source>Closed at</source>
        <translation>结案时间</translation>
    </message>
    <message>
        <source>It is empty.</source>
        <translation>为空。</translation>
    </message>
    <message>
        <source>split into {0} things</source>
        <translation>拆分为 {0} 个对象</translation>
    </message>
    <message>
        <source>shape mended: {0}</source>
        <translation>图形已修复：{0}</translation>
    </message>
    <message>
        <source>it crossed itself</source>
        <translation>自相交</translation>
    </message>
    <message>
        <source>its border touched itself</source>
        <translation>边界自相接</translation>
    </message>
    <message>
        <source>a hole lay outside of it</source>
        <translation>有洞在图形之外</translation>
    </message>
    <message>
        <source>a hole lay in another hole</source>
        <translation>洞中有洞</translation>
    </message>
    <message>
        <source>a part lay in another part</source>
        <translation>部分互相重叠</translation>
    </message>
    <message>
        <source>a border was there twice</source>
        <translation>边界重复</translation>
    </message>
    <message>
        <source>its inside fell apart</source>
        <translation>内部不连通</translation>
    </message>
    <message>
        <source>a border had too few points</source>
        <translation>边界点太少</translation>
    </message>
    <message>
        <source>Longitude and latitude are exchanged.</source>
        <translation>经度和纬度颠倒。</translation>
    </message>
    <message>
        <source>It is no finite number.</source>
        <translation>不是有限的数字。</translation>
    </message>
    <message>
        <source>The value is outside what is allowed.</source>
        <translation>数值超出允许范围。</translation>
    </message>
    <message>
        <source>It is too long.</source>
        <translation>过长。</translation>
    </message>
    <message>
        <source>It holds a sign that cannot be shown.</source>
        <translation>含有无法显示的字符。</translation>
    </message>
    <message>
        <source>The number holds signs that numbers cannot have.</source>
        <translation>编号含有不允许的字符。</translation>
    </message>
    <message>
        <source>The kind has no such state.</source>
        <translation>该类型没有这个状态。</translation>
    </message>
    <message>
        <source>There is no such category code.</source>
        <translation>没有这个类别代码。</translation>
    </message>
    <message>
        <source>The value is not of the type that the field has.</source>
        <translation>值的类型与字段不符。</translation>
    </message>
    <message>
        <source>It is too large.</source>
        <translation>过大。</translation>
    </message>
    <message>
        <source>{0} rows</source>
        <translation>{0} 行</translation>
    </message>
    <message>
        <source>{0} columns</source>
        <translation>{0} 列</translation>
    </message>
    <message>
        <source>as the file says (.cpg): {0}</source>
        <translation>按文件说明（.cpg）：{0}</translation>
    </message>
    <message>
        <source>as the table says: {0}</source>
        <translation>按表头说明：{0}</translation>
    </message>
    <message>
        <source>found by itself: {0}</source>
        <translation>自动识别：{0}</translation>
    </message>
    <message>
        <source>by itself</source>
        <translation>自动识别</translation>
    </message>
    <message>
        <source>as the file says: {0}</source>
        <translation>按文件说明：{0}</translation>
    </message>
    <message>
        <source>Xi&apos;an 80, 3-degree zone {0}, metres (EPSG:{1})</source>
        <translation>西安80，3 度带第 {0} 带，米（EPSG:{1}）</translation>
    </message>
    <message>
        <source>Beijing 54, 3-degree zone {0}, metres (EPSG:{1})</source>
        <translation>北京54，3 度带第 {0} 带，米（EPSG:{1}）</translation>
    </message>
    <message>
        <source>WGS 84, degrees (EPSG:4326)</source>
        <translation>WGS 84，度（EPSG:4326）</translation>
    </message>
    <message>
        <source>CGCS2000, degrees (EPSG:4490)</source>
        <translation>CGCS2000，度（EPSG:4490）</translation>
    </message>
    <message>
        <source>CGCS2000, 3-degree zone {0}, metres (EPSG:{1})</source>
        <translation>CGCS2000，3 度带第 {0} 带，米（EPSG:{1}）</translation>
    </message>
    <message>
        <source>CGCS2000, meridian {0}°, metres (EPSG:{1})</source>
        <translation>CGCS2000，中央经线 {0}°，米（EPSG:{1}）</translation>
    </message>
    <message>
        <source>Web Mercator, metres (EPSG:3857)</source>
        <translation>Web 墨卡托，米（EPSG:3857）</translation>
    </message>
    <message>
        <source>degrees, EPSG:{0}</source>
        <translation>度，EPSG:{0}</translation>
    </message>
    <message>
        <source>CGCS2000 3-degree zone {1}, metres, EPSG:{0}</source>
        <translation>CGCS2000 3 度带第 {1} 带，米，EPSG:{0}</translation>
    </message>
    <message>
        <source>CGCS2000 6-degree zone {1}, metres, EPSG:{0}</source>
        <translation>CGCS2000 6 度带第 {1} 带，米，EPSG:{0}</translation>
    </message>
    <message>
        <source>CGCS2000 3-degree zone of {2}°, metres, EPSG:{0}</source>
        <translation>CGCS2000 3 度带（中央经线 {2}°），米，EPSG:{0}</translation>
    </message>
    <message>
        <source>Web Mercator, metres, EPSG:{0}</source>
        <translation>Web 墨卡托，米，EPSG:{0}</translation>
    </message>
    <message>
        <source>north before east: exchange the columns</source>
        <translation>北坐标在前：请对调两列</translation>
    </message>
    <message>
        <source>How this system lies to WGS 84 is not known exactly here. Positions may be off, perhaps by a hundred metres. Better have them turned into CGCS2000 first.</source>
        <translation>该坐标系与 WGS 84 的转换参数未知，位置可能偏差百米左右。建议先转换为 CGCS2000。</translation>
    </message>
    <message>
        <source>Cases</source>
        <translation>案件</translation>
    </message>
    <message>
        <source>{0} (first in row {1})</source>
        <translation>{0}（首见于第 {1} 行）</translation>
    </message>
    <message>
        <source>Loaded {0} of {1} rows, {2} refused</source>
        <translation>已导入 {0} / {1} 行，拒绝 {2} 行</translation>
    </message>
    <message>
        <source>Stopped: {0} of {1} rows read were loaded, {2} refused</source>
        <translation>已停止：读取 {1} 行，导入 {0} 行，拒绝 {2} 行</translation>
    </message>
    <message>
        <source>No row lies in this district: was the right reference system chosen?</source>
        <translation>没有一行位于本区：坐标系选对了吗？</translation>
    </message>
    <message>
        <source>Undone: {0} deleted, {1} restored, {2} left</source>
        <translation>已撤销：删除 {0}，恢复 {1}，保留 {2}</translation>
    </message>
    <message>
        <source>did not end</source>
        <translation>未完成</translation>
    </message>
    <message>
        <source>loaded</source>
        <translation>已导入</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>undo did not end</source>
        <translation>撤销未完成</translation>
    </message>
    <message>
        <source>undone</source>
        <translation>已撤销</translation>
    </message>
    <message>
        <source>{0} loaded, {1} refused</source>
        <translation>导入 {0}，拒绝 {1}</translation>
    </message>
    <message>
        <source>It does not go like this yet:</source>
        <translation>目前还不能导入：</translation>
    </message>
    <message>
        <source>Trying rows…</source>
        <translation>正在试读…</translation>
    </message>
    <message>
        <source>{0} rows tried so far: {1} good, {2} refused</source>
        <translation>已试读 {0} 行：可导入 {1}，拒绝 {2}</translation>
    </message>
    <message>
        <source>All {0} rows tried: {1} good, {2} refused</source>
        <translation>全部 {0} 行已试读：可导入 {1}，拒绝 {2}</translation>
    </message>
    <message>
        <source>The first {0} rows: {1} good, {2} refused</source>
        <translation>前 {0} 行：可导入 {1}，拒绝 {2}</translation>
    </message>
    <message>
        <source>A file is being loaded; wait until it is, or stop it.</source>
        <translation>正在导入文件，请等待完成或先停止。</translation>
    </message>
</context>
<context>
    <name>ImportsController</name>
    <message>
        <source>Reading the file…</source>
        <translation>正在读取文件…</translation>
    </message>
    <message>
        <source>Trying rows…</source>
        <translation>正在试读…</translation>
    </message>
    <message>
        <source>Remembered as “{0}”</source>
        <translation>已记住为“{0}”</translation>
    </message>
</context>
<context>
    <name>IncidentController</name>
    <message>
        <source>This is a replay: orders go nowhere.</source>
        <translation>这是回放，指令不会发出。</translation>
    </message>
    <message>
        <source>This case has no place on the map; give it one first.</source>
        <translation>该案件在地图上没有位置，请先补充位置。</translation>
    </message>
    <message>
        <source>The case is in the queue.</source>
        <translation>案件已进入队列。</translation>
    </message>
    <message>
        <source>The case is in the queue after all. Sending now adds teams and stock to it.</source>
        <translation>案件其实已进入队列；现在发送将把队伍和物资派到该案件。</translation>
    </message>
    <message>
        <source>The dispatch is out; the stock is reserved.</source>
        <translation>调派已下达，物资已预留。</translation>
    </message>
</context>
<context>
    <name>IncidentForm</name>
    <message>
        <source>Category</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>Severity</source>
        <translation>严重程度</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>标题</translation>
    </message>
    <message>
        <source>Radius</source>
        <translation>半径</translation>
    </message>
</context>
<context>
    <name>IncidentPanel</name>
    <message>
        <source>Missing</source>
        <translation>缺口</translation>
    </message>
    <message>
        <source>Teams</source>
        <translation>队伍</translation>
    </message>
    <message>
        <source>Warehouses</source>
        <translation>仓库</translation>
    </message>
    <message>
        <source>Nearest cameras</source>
        <translation>最近的摄像机</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Dispatch more</source>
        <translation>继续调派</translation>
    </message>
    <message>
        <source>New incident here</source>
        <translation>在此新建事件</translation>
    </message>
    <message>
        <source>Sending…</source>
        <translation>正在发送…</translation>
    </message>
    <message>
        <source>Not possible here.</source>
        <translation>此处不能操作。</translation>
    </message>
    <message>
        <source>No team and no warehouse inside the circle. Widen it.</source>
        <translation>圈内没有队伍和仓库，请扩大半径。</translation>
    </message>
    <message>
        <source>More teams: {0}</source>
        <translation>另有 {0} 支队伍</translation>
    </message>
    <message>
        <source>{0}, {1}</source>
        <translation>{0}，{1}</translation>
    </message>
    <message>
        <source>Send · teams: {0} · stock: {1}</source>
        <translation>发送 · {0} 支队伍 · {1} 项物资</translation>
    </message>
    <message>
        <source>{0}: {1} of {2} found</source>
        <translation>{0}：需 {2}，找到 {1}</translation>
    </message>
    <message>
        <source>Response plan</source>
        <translation>响应预案</translation>
    </message>
    <message>
        <source>the next one is {0} away</source>
        <translation>最近的在 {0} 外</translation>
    </message>
    <message>
        <source>Choose a team that takes the stock</source>
        <translation>请选择携带物资的队伍</translation>
    </message>
    <message>
        <source>Open the case, send nobody</source>
        <translation>仅立案，不派人</translation>
    </message>
    <message>
        <source>Send now</source>
        <translation>立即发送</translation>
    </message>
    <message>
        <source>A case is opened and its deadline runs.</source>
        <translation>将立案并开始计时。</translation>
    </message>
    <message>
        <source>Called out at once: {0}.</source>
        <translation>立即出动：{0}。</translation>
    </message>
    <message>
        <source>Reserved: {0}.</source>
        <translation>预留：{0}。</translation>
    </message>
</context>
<context>
    <name>LayerBoard</name>
    <message>
        <source>Named layer sets, import and export</source>
        <translation>命名的图层方案，导入与导出</translation>
    </message>
    <message>
        <source>Working… {0} %</source>
        <translation>正在计算… {0} %</translation>
    </message>
    <message>
        <source>Filter layers</source>
        <translation>筛选图层</translation>
    </message>
    <message>
        <source>No layer has this name. Clear the filter to see all.</source>
        <translation>没有这个名称的图层。清除筛选可查看全部。</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>图层</translation>
    </message>
    <message>
        <source>Standard</source>
        <translation>标准</translation>
    </message>
</context>
<context>
    <name>LayerDelegate</name>
    <message>
        <source>{0} overdue</source>
        <translation>{0} 超时</translation>
    </message>
    <message>
        <source>{0} due soon</source>
        <translation>{0} 临期</translation>
    </message>
    <message>
        <source>{0} in alarm</source>
        <translation>{0} 报警</translation>
    </message>
    <message>
        <source>{0} offline</source>
        <translation>{0} 离线</translation>
    </message>
    <message>
        <source>{0} unknown</source>
        <translation>{0} 未知</translation>
    </message>
</context>
<context>
    <name>LayerEditors</name>
    <message>
        <source>least</source>
        <translation>最小</translation>
    </message>
    <message>
        <source>middle</source>
        <translation>中位</translation>
    </message>
    <message>
        <source>most</source>
        <translation>最大</translation>
    </message>
</context>
<context>
    <name>LayerFiles</name>
    <message>
        <source>Save as…</source>
        <translation>另存为…</translation>
    </message>
    <message>
        <source>Delete “{0}”…</source>
        <translation>删除“{0}”…</translation>
    </message>
    <message>
        <source>Export layers…</source>
        <translation>导出图层…</translation>
    </message>
    <message>
        <source>Import layers…</source>
        <translation>导入图层…</translation>
    </message>
    <message>
        <source>Back to the layers of the packs</source>
        <translation>恢复为专题包的图层</translation>
    </message>
    <message>
        <source>layers</source>
        <translation>图层</translation>
    </message>
    <message>
        <source>The layers were written to {0}.</source>
        <translation>图层已写入 {0}。</translation>
    </message>
    <message>
        <source>The layers were read. Ctrl+Z in the tree takes them back.</source>
        <translation>图层已读入。在图层树中按 Ctrl+Z 可撤销。</translation>
    </message>
    <message>
        <source>The layers were read. Kinds that are not known here were left out: {0}</source>
        <translation>图层已读入。此处不认识的类别已略去：{0}</translation>
    </message>
    <message>
        <source>The file could not be used: {0}</source>
        <translation>无法使用该文件：{0}</translation>
    </message>
    <message>
        <source>Which layers each map shows and where it looks are kept under this name.</source>
        <translation>每幅地图显示哪些图层、看向哪里，都以此名称保存。</translation>
    </message>
    <message>
        <source>Save the workspace as</source>
        <translation>工作区另存为</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Delete the workspace “{0}”? Its layers cannot be brought back.</source>
        <translation>删除工作区“{0}”？其图层无法恢复。</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Standard</source>
        <translation>标准</translation>
    </message>
</context>
<context>
    <name>LayerLegend</name>
    <message>
        <source>up to {0} per km² · {1}</source>
        <translation>最高每平方千米 {0} · {1}</translation>
    </message>
    <message>
        <source>How densely they lie</source>
        <translation>分布密度</translation>
    </message>
    <message>
        <source>up to {0} per km²</source>
        <translation>最高每平方千米 {0}</translation>
    </message>
    <message>
        <source>every number</source>
        <translation>全部数值</translation>
    </message>
    <message>
        <source>without a number</source>
        <translation>无数值</translation>
    </message>
    <message>
        <source>all else</source>
        <translation>其他</translation>
    </message>
</context>
<context>
    <name>LayerMenu</name>
    <message>
        <source>Show all</source>
        <translation>全部显示</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>重命名…</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Show these</source>
        <translation>显示这些</translation>
    </message>
    <message>
        <source>Hide these</source>
        <translation>隐藏这些</translation>
    </message>
    <message>
        <source>Show only these</source>
        <translation>只显示这些</translation>
    </message>
    <message>
        <source>Zoom to these</source>
        <translation>缩放到这些</translation>
    </message>
    <message>
        <source>Style…</source>
        <translation>样式…</translation>
    </message>
    <message>
        <source>Filter…</source>
        <translation>筛选…</translation>
    </message>
    <message>
        <source>Take the filter off</source>
        <translation>取消筛选</translation>
    </message>
    <message>
        <source>Attribute table…</source>
        <translation>属性表…</translation>
    </message>
    <message>
        <source>Copy the style</source>
        <translation>复制样式</translation>
    </message>
    <message>
        <source>Paste the style</source>
        <translation>粘贴样式</translation>
    </message>
    <message>
        <source>Duplicate</source>
        <translation>复制图层</translation>
    </message>
    <message>
        <source>Add a group</source>
        <translation>新建组</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>重做</translation>
    </message>
    <message>
        <source>Back to the layers of the packs</source>
        <translation>恢复为专题包的图层</translation>
    </message>
</context>
<context>
    <name>LayerNames</name>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Connection</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>Severity of its alarm</source>
        <translation>报警级别</translation>
    </message>
</context>
<context>
    <name>LayerStrip</name>
    <message>
        <source>Opacity</source>
        <translation>不透明度</translation>
    </message>
    <message>
        <source>Style…</source>
        <translation>样式…</translation>
    </message>
    <message>
        <source>Filter…</source>
        <translation>筛选…</translation>
    </message>
    <message>
        <source>Table…</source>
        <translation>属性表…</translation>
    </message>
    <message>
        <source>Drawn from this scale on; what is in alarm shows before</source>
        <translation>从此比例尺起显示；报警对象之前也显示</translation>
    </message>
    <message>
        <source>Drawn up to this scale; what is in alarm shows beyond</source>
        <translation>显示到此比例尺为止；报警对象之后也显示</translation>
    </message>
    <message>
        <source>From the scale</source>
        <translation>起始比例尺</translation>
    </message>
    <message>
        <source>Up to the scale</source>
        <translation>终止比例尺</translation>
    </message>
    <message>
        <source>as packed</source>
        <translation>按专题包</translation>
    </message>
    <message>
        <source>any</source>
        <translation>不限</translation>
    </message>
    <message>
        <source>Scales</source>
        <translation>比例尺</translation>
    </message>
</context>
<context>
    <name>LayerTreePanel</name>
    <message>
        <source>{0} layers off · {1} hidden</source>
        <translation>{0} 个图层已关 · 隐藏 {1}</translation>
    </message>
    <message>
        <source>{0} layer off · {1} hidden</source>
        <translation>{0} 个图层已关 · 隐藏 {1}</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} / {1}</translation>
    </message>
    <message>
        <source>from {0}</source>
        <translation>{0} 起显示</translation>
    </message>
    <message>
        <source>up to {0}</source>
        <translation>{0} 止显示</translation>
    </message>
    <message>
        <source>Rings of clusters show the shares of its colours</source>
        <translation>聚合标记的圆环显示各颜色所占的份额</translation>
    </message>
    <message>
        <source>Filter: {0}</source>
        <translation>筛选：{0}</translation>
    </message>
    <message>
        <source>The filter hides nothing: {0}</source>
        <translation>筛选未生效，未隐藏任何对象：{0}</translation>
    </message>
    <message>
        <source>Not drawn at this scale: {0}</source>
        <translation>此比例尺下不显示：{0}</translation>
    </message>
    <message>
        <source>{0} not drawn by the styles</source>
        <translation>样式未显示 {0} 个</translation>
    </message>
    <message>
        <source>{0} filter on · {1} filtered out</source>
        <translation>{0} 个筛选 · 滤去 {1}</translation>
    </message>
    <message>
        <source>{0} filters on · {1} filtered out</source>
        <translation>{0} 个筛选 · 滤去 {1}</translation>
    </message>
    <message>
        <source>{0} of the hidden ones are in alarm.</source>
        <translation>隐藏的对象中有 {0} 个正在报警。</translation>
    </message>
    <message>
        <source>{0} of the hidden cases are overdue.</source>
        <translation>隐藏的案件中有 {0} 件超时。</translation>
    </message>
    <message>
        <source>{0} open, {1} overdue, {2} due soon</source>
        <translation>未结 {0}，超时 {1}，临期 {2}</translation>
    </message>
    <message>
        <source>{0} in all, {1} online, {2} offline, {3} unknown, {4} in alarm</source>
        <translation>共 {0}，在线 {1}，离线 {2}，未知 {3}，报警 {4}</translation>
    </message>
    <message>
        <source>New group</source>
        <translation>新建组</translation>
    </message>
    <message>
        <source>{0} (copy)</source>
        <translation>{0}（副本）</translation>
    </message>
    <message>
        <source>Groups lie in groups only one level deep.</source>
        <translation>组内只能再嵌套一层组。</translation>
    </message>
</context>
<context>
    <name>LayersController</name>
    <message>
        <source>Nothing of this layer has a place on the map.</source>
        <translation>此图层没有任何对象在地图上有位置。</translation>
    </message>
</context>
<context>
    <name>ListsController</name>
    <message>
        <source>Nothing is known yet: no data has come from the hub.</source>
        <translation>情况未知：尚未收到中枢的数据。</translation>
    </message>
    <message>
        <source>The replay is not open yet: the hub has not answered.</source>
        <translation>回放尚未打开：中枢还没有应答。</translation>
    </message>
</context>
<context>
    <name>LoadPage</name>
    <message>
        <source>Load</source>
        <translation>导入</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Refused rows with reasons…</source>
        <translation>查看被拒绝的行及原因…</translation>
    </message>
    <message>
        <source>Show on the map</source>
        <translation>在地图上显示</translation>
    </message>
    <message>
        <source>Undo this load…</source>
        <translation>撤销这次导入…</translation>
    </message>
    <message>
        <source>Go on with this load</source>
        <translation>继续本次导入</translation>
    </message>
    <message>
        <source>Load another file</source>
        <translation>导入其他文件</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Undo this load? What it made is deleted, what it replaced comes back. What others have changed since stays, and is named.</source>
        <translation>撤销这次导入？由它新建的将被删除，被它替换的将恢复；此后他人改动过的保留并逐一列出。</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
</context>
<context>
    <name>LockPanel</name>
    <message>
        <source>Password</source>
        <translation>密码</translation>
    </message>
    <message>
        <source>Unlock</source>
        <translation>解锁</translation>
    </message>
    <message>
        <source>Log in as somebody else</source>
        <translation>换人登录</translation>
    </message>
    <message>
        <source>Nobody sits here. Alarms go on sounding, and the numbers go on counting.</source>
        <translation>席位无人。报警声照常响起，数字照常更新。</translation>
    </message>
    <message>
        <source>This desk is locked</source>
        <translation>席位已锁定</translation>
    </message>
    <message>
        <source>Alarms not acknowledged: {0}; the worst: {1}</source>
        <translation>未确认报警 {0} 条，最高级别：{1}</translation>
    </message>
    <message>
        <source>No alarm waits to be acknowledged</source>
        <translation>没有待确认的报警</translation>
    </message>
    <message>
        <source>Asking the hub …</source>
        <translation>正在询问中枢……</translation>
    </message>
    <message>
        <source>Too many failed attempts. Try again in {0}.</source>
        <translation>失败次数过多，请在 {0} 后重试。</translation>
    </message>
</context>
<context>
    <name>LoginController</name>
    <message>
        <source>Something went wrong in this program; see its log.</source>
        <translation>本程序出错，详见日志。</translation>
    </message>
</context>
<context>
    <name>LoginPanel</name>
    <message>
        <source>中文</source>
        <translation>English</translation>
    </message>
    <message>
        <source>Change the language</source>
        <translation>切换语言</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>密码</translation>
    </message>
    <message>
        <source>Remember this desk for a week</source>
        <translation>一周内记住本席位</translation>
    </message>
    <message>
        <source>Log in</source>
        <translation>登录</translation>
    </message>
    <message>
        <source>New password</source>
        <translation>新密码</translation>
    </message>
    <message>
        <source>The new password once more</source>
        <translation>再次输入新密码</translation>
    </message>
    <message>
        <source>Change the password</source>
        <translation>修改密码</translation>
    </message>
    <message>
        <source>Confirm</source>
        <translation>确认</translation>
    </message>
    <message>
        <source>Asking the hub …</source>
        <translation>正在询问中枢……</translation>
    </message>
    <message>
        <source>Too many failed attempts. Try again in {0}.</source>
        <translation>失败次数过多，请在 {0} 后重试。</translation>
    </message>
    <message>
        <source>Address of the hub</source>
        <translation>中枢地址</translation>
    </message>
    <message>
        <source>Account</source>
        <translation>账号</translation>
    </message>
    <message>
        <source>One-time code, if you have set one up</source>
        <translation>动态口令（已设置时填写）</translation>
    </message>
    <message>
        <source>Hub</source>
        <translation>中枢</translation>
    </message>
    <message>
        <source>One-time code</source>
        <translation>动态口令</translation>
    </message>
    <message>
        <source>Choose a password of your own: at least 12 characters, of three sorts (small and capital letters, digits, signs), without the account&apos;s name.</source>
        <translation>请设置自己的密码：至少 12 位，包含大写字母、小写字母、数字、符号中的三类，且不含账号名。</translation>
    </message>
    <message>
        <source>Once more</source>
        <translation>再次输入</translation>
    </message>
    <message>
        <source>This account needs a second factor. Scan the picture with the authenticator on your telephone, or type the letters in, then enter the six digits that it shows.</source>
        <translation>本账号需要第二因子。请用手机上的身份验证器扫描图片，或手工输入下面的字母，然后填写它显示的六位数字。</translation>
    </message>
    <message>
        <source>Six digits</source>
        <translation>六位数字</translation>
    </message>
    <message>
        <source>Log in as somebody else</source>
        <translation>换人登录</translation>
    </message>
    <message>
        <source>The two are not the same</source>
        <translation>两次输入不一致</translation>
    </message>
</context>
<context>
    <name>LoginWindow</name>
    <message>
        <source>Log in – OneMap Console</source>
        <translation>登录 – 城运一图</translation>
    </message>
</context>
<context>
    <name>LookEdit</name>
    <message>
        <source>Shape</source>
        <translation>形状</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>颜色</translation>
    </message>
    <message>
        <source>own</source>
        <translation>默认</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>The kind&apos;s own colour</source>
        <translation>类别本身的颜色</translation>
    </message>
</context>
<context>
    <name>Map</name>
    <message>
        <source>Zoom in (+)</source>
        <translation>放大（+）</translation>
    </message>
    <message>
        <source>Zoom out (−)</source>
        <translation>缩小（−）</translation>
    </message>
    <message>
        <source>Back to the district (Home)</source>
        <translation>回到全区（Home）</translation>
    </message>
    <message>
        <source>Base map (Ctrl+Shift+N)</source>
        <translation>底图 (Ctrl+Shift+N)</translation>
    </message>
    <message>
        <source>View locked · F follows</source>
        <translation>视图已锁定 · 按 F 跟随</translation>
    </message>
    <message>
        <source>STALE</source>
        <translation>数据陈旧</translation>
    </message>
    <message>
        <source>Schematic map</source>
        <translation>示意图</translation>
    </message>
</context>
<context>
    <name>MapPanel</name>
    <message>
        <source>What the map&apos;s tools found</source>
        <translation>地图工具的结果</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Close this panel</source>
        <translation>关闭此面板</translation>
    </message>
</context>
<context>
    <name>MapPlacesController</name>
    <message>
        <source>Bookmarks</source>
        <translation>书签</translation>
    </message>
    <message>
        <source>Copied: {0}</source>
        <translation>已复制：{0}</translation>
    </message>
    <message>
        <source>CGCS2000 / WGS-84, degrees</source>
        <translation>CGCS2000 / WGS-84，度</translation>
    </message>
    <message>
        <source>CGCS2000 / WGS-84, degrees, minutes, seconds</source>
        <translation>CGCS2000 / WGS-84，度分秒</translation>
    </message>
    <message>
        <source>CGCS2000 3-degree zone, metres</source>
        <translation>CGCS2000 3 度带，米</translation>
    </message>
    <message>
        <source>Copy coordinates</source>
        <translation>复制坐标</translation>
    </message>
    <message>
        <source>New incident here</source>
        <translation>在此新建事件</translation>
    </message>
    <message>
        <source>Copy coordinates as</source>
        <translation>复制坐标为</translation>
    </message>
    <message>
        <source>Mark this place</source>
        <translation>标记此处</translation>
    </message>
    <message>
        <source>Take the marker away</source>
        <translation>去掉标记</translation>
    </message>
    <message>
        <source>Middle of the map here</source>
        <translation>以此处为地图中心</translation>
    </message>
    <message>
        <source>Keep this view</source>
        <translation>保存此视图</translation>
    </message>
    <message>
        <source>Scale</source>
        <translation>比例尺</translation>
    </message>
    <message>
        <source>Scale of the map, 1:</source>
        <translation>地图比例尺 1:</translation>
    </message>
    <message>
        <source>{0} views are kept, which is all there is room for. Remove some first.</source>
        <translation>已保存 {0} 个视图，达到上限，请先移除一些。</translation>
    </message>
    <message>
        <source>Removed: {0}</source>
        <translation>已移除：{0}</translation>
    </message>
</context>
<context>
    <name>MapTools</name>
    <message>
        <source>Click sets a corner · Backspace takes the last back · right click or Enter ends · Esc</source>
        <translation>单击加点 · Backspace 撤回一点 · 右键或 Enter 结束 · Esc</translation>
    </message>
    <message>
        <source>Ctrl snaps to features</source>
        <translation>按住 Ctrl 吸附要素</translation>
    </message>
    <message>
        <source>mu</source>
        <translation>亩</translation>
    </message>
    <message>
        <source>Shift adds, Ctrl toggles</source>
        <translation>Shift 追加，Ctrl 反选</translation>
    </message>
    <message>
        <source>Click a mark or drag a box</source>
        <translation>单击图标或拖出矩形</translation>
    </message>
    <message>
        <source>Drag from the middle of the circle</source>
        <translation>从圆心向外拖动</translation>
    </message>
</context>
<context>
    <name>MapToolsController</name>
    <message>
        <source>Selection</source>
        <translation>选择集</translation>
    </message>
    <message>
        <source>Here</source>
        <translation>此处</translation>
    </message>
    <message>
        <source>Measured</source>
        <translation>测量</translation>
    </message>
    <message>
        <source>Zoom to</source>
        <translation>缩放到</translation>
    </message>
    <message>
        <source>Show all that is selected</source>
        <translation>显示选中的全部对象</translation>
    </message>
    <message>
        <source>Open the attribute table</source>
        <translation>打开属性表</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>属性表</translation>
    </message>
    <message>
        <source>Begin a dispatch to the middle of what is selected</source>
        <translation>在选中对象的中央新建调度</translation>
    </message>
    <message>
        <source>Dispatch</source>
        <translation>调度</translation>
    </message>
    <message>
        <source>Select what is in view and not selected, and let go the rest</source>
        <translation>选中视野内未选中的对象，其余取消选中</translation>
    </message>
    <message>
        <source>Invert</source>
        <translation>反选</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>清除</translation>
    </message>
    <message>
        <source>Select nothing</source>
        <translation>不选中任何对象</translation>
    </message>
    <message>
        <source>Selection ({0})</source>
        <translation>选择集（{0}）</translation>
    </message>
    <message>
        <source>Nothing is selected.</source>
        <translation>没有选中任何对象。</translation>
    </message>
    <message>
        <source>Click a point: all that lies there is listed, of every layer</source>
        <translation>单击一点：列出该处各图层的全部对象</translation>
    </message>
    <message>
        <source>Base map</source>
        <translation>底图</translation>
    </message>
    <message>
        <source>Cases</source>
        <translation>案件</translation>
    </message>
    <message>
        <source>mu</source>
        <translation>亩</translation>
    </message>
    <message>
        <source>Copied.</source>
        <translation>已复制。</translation>
    </message>
</context>
<context>
    <name>MapWindow</name>
    <message>
        <source>REPLAY</source>
        <translation>回放</translation>
    </message>
    <message>
        <source>Past state. Orders are not carried out.</source>
        <translation>过去的状态。不执行指令。</translation>
    </message>
    <message>
        <source>Map {0} – OneMap Console</source>
        <translation>地图 {0} – 城运一图</translation>
    </message>
    <message>
        <source>Replay, map {0} – OneMap Console</source>
        <translation>回放，地图 {0} – 城运一图</translation>
    </message>
    <message>
        <source>This is a replay: it has no sounds.</source>
        <translation>这是回放，没有声音。</translation>
    </message>
    <message>
        <source>This is done at the desk.</source>
        <translation>此操作请在席位窗口进行。</translation>
    </message>
</context>
<context>
    <name>MapWindowController</name>
    <message>
        <source>There are no roads to reckon with.</source>
        <translation>没有可用于计算的道路。</translation>
    </message>
</context>
<context>
    <name>MapWindows</name>
    <message>
        <source>{0} further maps are open; close one first.</source>
        <translation>已打开 {0} 幅附加地图，请先关闭一幅。</translation>
    </message>
</context>
<context>
    <name>MeasureView</name>
    <message>
        <source>Unit of lengths</source>
        <translation>长度单位</translation>
    </message>
    <message>
        <source>Unit of areas</source>
        <translation>面积单位</translation>
    </message>
    <message>
        <source>Clear all</source>
        <translation>全部清除</translation>
    </message>
    <message>
        <source>Copy all</source>
        <translation>全部复制</translation>
    </message>
    <message>
        <source>Nothing is measured. Take a measuring tool on the map and click corners.</source>
        <translation>还没有测量结果。请在地图上取用测量工具，再单击各点。</translation>
    </message>
    <message>
        <source>mu</source>
        <translation>亩</translation>
    </message>
    <message>
        <source>Perimeter {0}</source>
        <translation>周长 {0}</translation>
    </message>
    <message>
        <source>automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
</context>
<context>
    <name>MessageBar</name>
    <message>
        <source>Earlier messages</source>
        <translation>更早的消息</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Close this message</source>
        <translation>关闭此消息</translation>
    </message>
</context>
<context>
    <name>Messages</name>
    <message>
        <source>Not connected to the hub. Nothing was sent; try again when LIVE is shown.</source>
        <translation>未连接中枢，什么也没有发出；显示“实时”后再试。</translation>
    </message>
    <message>
        <source>The live picture failed inside this program and is being fetched anew ({what}). If this repeats, give the log file to whoever looks after this desk.</source>
        <translation>实时态势在本程序内部出错（{what}），正在重新获取。如反复出现，请把日志文件交给本席位的维护人员。</translation>
    </message>
    <message>
        <source>No line to the hub: the order waits on this desk and is sent when the line is back.</source>
        <translation>与中枢断线：命令已存于本席位，线路恢复后发送。</translation>
    </message>
    <message>
        <source>No line to the hub, and this desk&apos;s disk takes nothing: the order waits only as long as this window is open.</source>
        <translation>与中枢断线，且本机磁盘无法写入：命令仅在本窗口打开期间保留。</translation>
    </message>
    <message>
        <source>The hub has not answered yet. The order stays open and is settled when the line is back; giving it again does not carry it out twice.</source>
        <translation>中枢尚未答复。该指令保持待定，线路恢复后自动落实；再次下达同一指令不会重复执行。</translation>
    </message>
    <message>
        <source>Too many orders are without an answer. Nothing was sent; wait until the hub answers.</source>
        <translation>未获答复的指令过多，本次未发送；请等待中枢答复。</translation>
    </message>
    <message>
        <source>Not enough stock: {item} at {warehouse}, {free} free. Nothing was reserved.</source>
        <translation>库存不足：{warehouse} 的 {item} 只剩 {free}，未做任何预留。</translation>
    </message>
    <message>
        <source>This warehouse has no {item}. Nothing was reserved.</source>
        <translation>该仓库没有 {item}，未做任何预留。</translation>
    </message>
    <message>
        <source>{name} already has a task. Choose another team.</source>
        <translation>{name} 正在执行任务，请另选队伍。</translation>
    </message>
    <message>
        <source>{by} has changed this in the meantime. It is shown as it is now; try again.</source>
        <translation>{by} 刚刚改动过，现已显示最新状态，请重试。</translation>
    </message>
    <message>
        <source>{by} has changed this in the meantime ({what}). It is shown as it is now; try again.</source>
        <translation>{by} 刚刚改动过（{what}），现已显示最新状态，请重试。</translation>
    </message>
    <message>
        <source>Your role may not do this.</source>
        <translation>您的角色无权操作。</translation>
    </message>
    <message>
        <source>This is a replay. Orders are not carried out and go nowhere.</source>
        <translation>这是回放，指令不会执行，也不会发出。</translation>
    </message>
    <message>
        <source>The hub&apos;s disk is full. Nothing was stored; free space, then try again.</source>
        <translation>中枢磁盘已满，什么也没有保存；请腾出空间后重试。</translation>
    </message>
    <message>
        <source>The hub cannot store anything at the moment. Nothing was stored.</source>
        <translation>中枢暂时无法保存，什么也没有保存。</translation>
    </message>
    <message>
        <source>The hub stores again what it is given.</source>
        <translation>中枢已恢复存储。</translation>
    </message>
    <message>
        <source>The hub&apos;s clock was set back. Events keep their order, but their times stand still until the clock has caught up.</source>
        <translation>中枢的时钟被调回。事件次序不变，但在时钟追上之前，时间将停留不动。</translation>
    </message>
    <message>
        <source>The hub&apos;s clock was set ahead. What came before looks older than it is.</source>
        <translation>中枢的时钟被调快。此前的事件看起来会比实际更早。</translation>
    </message>
    <message>
        <source>The hub cannot write its audit, and does nothing without it. Nothing was stored.</source>
        <translation>中枢无法写入审计记录，没有审计就不执行任何操作，什么也没有保存。</translation>
    </message>
    <message>
        <source>The hub&apos;s audit is not as it was written. Tell who is in charge of it; the audit window names the record.</source>
        <translation>中枢的审计记录与写入时不一致。请告知审计负责人；审计窗口会指出是哪一条记录。</translation>
    </message>
    <message>
        <source>The hub&apos;s certificate ends soon, and then nobody can connect. Tell who looks after the hub.</source>
        <translation>中枢的证书即将到期，到期后任何人都无法连接。请告知中枢的维护人员。</translation>
    </message>
    <message>
        <source>No stream is registered for this camera.</source>
        <translation>该摄像机没有登记视频流。</translation>
    </message>
    <message>
        <source>The hub knows no camera with this id.</source>
        <translation>中枢没有这个编号的摄像机。</translation>
    </message>
    <message>
        <source>The hub does not answer.</source>
        <translation>中枢无应答。</translation>
    </message>
    <message>
        <source>It is not there any more.</source>
        <translation>该对象已不存在。</translation>
    </message>
    <message>
        <source>This alarm is not standing any more.</source>
        <translation>该报警已消除。</translation>
    </message>
    <message>
        <source>This case is not there any more.</source>
        <translation>该案件已不存在。</translation>
    </message>
    <message>
        <source>This dispatch is not there any more.</source>
        <translation>该次调派已不存在。</translation>
    </message>
    <message>
        <source>{by} at seat {seat} has acknowledged this alarm already.</source>
        <translation>{seat} 号席 {by} 已确认该报警。</translation>
    </message>
    <message>
        <source>This alarm belongs to case {case} already.</source>
        <translation>该报警已属于案件 {case}。</translation>
    </message>
    <message>
        <source>{by} at seat {seat} has shelved this alarm already: {reason}</source>
        <translation>{seat} 席 {by} 已搁置此报警：{reason}</translation>
    </message>
    <message>
        <source>{by} at seat {seat} has taken this out of service already: {reason}</source>
        <translation>{seat} 席 {by} 已将其停用：{reason}</translation>
    </message>
    <message>
        <source>This alarm is not shelved any more.</source>
        <translation>此报警已不在搁置中。</translation>
    </message>
    <message>
        <source>It is in service already.</source>
        <translation>它已在用。</translation>
    </message>
    <message>
        <source>This alarm may be shelved for at most {minutes} minutes.</source>
        <translation>此报警最多可搁置 {minutes} 分钟。</translation>
    </message>
    <message>
        <source>An alarm of this rule is never shelved.</source>
        <translation>此规则的报警不允许搁置。</translation>
    </message>
    <message>
        <source>Say why; the other seats read it.</source>
        <translation>请写明原因，其他席位会看到。</translation>
    </message>
    <message>
        <source>The alarm&apos;s condition is normal already.</source>
        <translation>该报警的状况已恢复正常。</translation>
    </message>
    <message>
        <source>{count} tasks of this case are still open; recall them first.</source>
        <translation>该案件还有 {count} 项任务未完成，请先召回。</translation>
    </message>
    <message>
        <source>That is not possible in its present state.</source>
        <translation>当前状态下不能这样操作。</translation>
    </message>
    <message>
        <source>Choose at least one team.</source>
        <translation>请至少选择一支队伍。</translation>
    </message>
    <message>
        <source>A team is chosen twice.</source>
        <translation>同一队伍被选了两次。</translation>
    </message>
    <message>
        <source>Too many orders at once; wait a moment.</source>
        <translation>指令过于频繁，请稍候。</translation>
    </message>
    <message>
        <source>Something that this needs was not filled in.</source>
        <translation>有必填的内容没有填写。</translation>
    </message>
    <message>
        <source>This alarm suggests no category; choose one.</source>
        <translation>该报警没有对应类别，请选择。</translation>
    </message>
    <message>
        <source>Name the department that shall handle the case.</source>
        <translation>请写明由哪个部门处置。</translation>
    </message>
    <message>
        <source>Name who handles it.</source>
        <translation>请写明由谁处置。</translation>
    </message>
    <message>
        <source>Give the place on the map, or none at all.</source>
        <translation>请在地图上给出位置，或者不填位置。</translation>
    </message>
    <message>
        <source>This goes on record: say what it is needed for.</source>
        <translation>此操作会留痕，请说明用途。</translation>
    </message>
    <message>
        <source>The hub cannot read this order. Are hub and desk of one version? Give the log file to whoever looks after this desk.</source>
        <translation>中枢读不懂这条指令。中枢与席位的版本是否一致？请把日志文件交给本席位的维护人员。</translation>
    </message>
    <message>
        <source>This is no place on the map: check longitude and latitude.</source>
        <translation>这不是地图上的位置，请核对经度和纬度。</translation>
    </message>
    <message>
        <source>A value is larger or smaller than is allowed. Nothing was changed.</source>
        <translation>有数值超出允许范围，未作任何更改。</translation>
    </message>
    <message>
        <source>A suspension ends later than now, within a year.</source>
        <translation>挂账的截止时间须晚于现在，且在一年之内。</translation>
    </message>
    <message>
        <source>A quantity must be at least 1.</source>
        <translation>数量至少为 1。</translation>
    </message>
    <message>
        <source>What was written is too long. Nothing was changed; shorten it.</source>
        <translation>填写的内容太长，未作任何更改，请缩短。</translation>
    </message>
    <message>
        <source>That is too much at once. Nothing was changed.</source>
        <translation>一次提交的内容太多，未作任何更改。</translation>
    </message>
    <message>
        <source>What was written has a sign that cannot be stored; write it anew.</source>
        <translation>填写的内容含有无法保存的字符，请重新填写。</translation>
    </message>
    <message>
        <source>Choose two different warehouses.</source>
        <translation>请选择两个不同的仓库。</translation>
    </message>
    <message>
        <source>This case has no limit that could be extended.</source>
        <translation>该案件没有可以延期的时限。</translation>
    </message>
    <message>
        <source>One of those chosen is nothing that can be sent.</source>
        <translation>所选对象中有不能派遣的。</translation>
    </message>
    <message>
        <source>The hub knows no such category. Its packs may be others than this desk&apos;s.</source>
        <translation>中枢没有这个类别，其专题包可能与本席位的不同。</translation>
    </message>
    <message>
        <source>This task is not part of the dispatch any more.</source>
        <translation>该任务已不在这次派遣之中。</translation>
    </message>
    <message>
        <source>This is no camera&apos;s id.</source>
        <translation>这不是摄像机的编号。</translation>
    </message>
    <message>
        <source>The replay stands at the end of its span; go back first.</source>
        <translation>回放已到所选时段的末尾，请先往回跳转。</translation>
    </message>
    <message>
        <source>That is not possible in this replay at present.</source>
        <translation>当前回放中不能这样做。</translation>
    </message>
    <message>
        <source>Nothing was recorded in this span.</source>
        <translation>这一时段没有记录。</translation>
    </message>
    <message>
        <source>A replay does not run at this speed.</source>
        <translation>回放不支持这个速度。</translation>
    </message>
    <message>
        <source>A replay does not go so many events at one step.</source>
        <translation>回放不能一次走这么多个事件。</translation>
    </message>
    <message>
        <source>Nothing has been recorded yet.</source>
        <translation>还没有任何记录。</translation>
    </message>
    <message>
        <source>The hub has closed this replay. Close the window and open it again.</source>
        <translation>中枢已关闭这次回放，请关闭窗口后重新打开。</translation>
    </message>
    <message>
        <source>The record of so long ago is not kept any more.</source>
        <translation>这么久以前的记录已不再保存。</translation>
    </message>
    <message>
        <source>The hub&apos;s record is damaged there. Tell who looks after the hub.</source>
        <translation>中枢在该处的记录已损坏，请通知中枢的维护人员。</translation>
    </message>
    <message>
        <source>The hub failed on this. Look whether it was done; its log says why it failed.</source>
        <translation>中枢处理时出错。请核实是否已执行；原因见中枢日志。</translation>
    </message>
    <message>
        <source>The hub has too much to do. Nothing was done; try again in a moment.</source>
        <translation>中枢繁忙，未执行任何操作，请稍后再试。</translation>
    </message>
    <message>
        <source>The line is too slow for this; the hub has ended it.</source>
        <translation>线路太慢，中枢已中止。</translation>
    </message>
    <message>
        <source>The hub has refused this and not said why; its log may.</source>
        <translation>中枢拒绝了请求且未说明原因，可查看中枢日志。</translation>
    </message>
    <message>
        <source>The file could not be written on this machine.</source>
        <translation>文件无法写入本机。</translation>
    </message>
    <message>
        <source>There is no connection to the hub. It is tried again and again.</source>
        <translation>与中枢没有连接，正在不断重试。</translation>
    </message>
    <message>
        <source>The connection stands, but nothing comes from the hub.</source>
        <translation>连接还在，但收不到中枢的数据。</translation>
    </message>
    <message>
        <source>The hub is being stopped, for a new start perhaps.</source>
        <translation>中枢正在停止，可能是在重新启动。</translation>
    </message>
    <message>
        <source>The hub serves as many desks as it can. Close one, or ask who looks after it.</source>
        <translation>中枢的席位已满。请关闭一个席位，或联系中枢的维护人员。</translation>
    </message>
    <message>
        <source>The hub has begun a new record; everything is fetched anew.</source>
        <translation>中枢开始了新的记录，正在重新获取全部数据。</translation>
    </message>
    <message>
        <source>The hub&apos;s certificate has ended. Tell who looks after the hub.</source>
        <translation>中枢的证书已过期，请通知中枢的维护人员。</translation>
    </message>
    <message>
        <source>The hub&apos;s certificate is not valid yet. Is this machine&apos;s clock right?</source>
        <translation>中枢的证书尚未生效。本机时钟是否正确？</translation>
    </message>
    <message>
        <source>The hub&apos;s certificate is for another address than the one given here.</source>
        <translation>中枢的证书不是为这里填写的地址签发的。</translation>
    </message>
    <message>
        <source>This machine does not trust the hub&apos;s certificate: start the console with --ca FILE, the certificate of the hub&apos;s authority.</source>
        <translation>本机不信任中枢的证书：请用 --ca 文件 启动席位，文件为签发该证书的机构证书。</translation>
    </message>
    <message>
        <source>The encrypted connection to the hub could not be made.</source>
        <translation>无法与中枢建立加密连接。</translation>
    </message>
    <message>
        <source>The hub does not know this account&apos;s token.</source>
        <translation>中枢不认可此账号的令牌。</translation>
    </message>
    <message>
        <source>The account or the password is wrong.</source>
        <translation>账号或密码错误。</translation>
    </message>
    <message>
        <source>The password is wrong.</source>
        <translation>密码错误。</translation>
    </message>
    <message>
        <source>Enter the six digits that your authenticator shows as well.</source>
        <translation>还需填写身份验证器显示的六位数字。</translation>
    </message>
    <message>
        <source>This code is wrong or was used already. Wait until the authenticator shows the next.</source>
        <translation>动态口令错误或已使用过，请等待验证器显示下一个。</translation>
    </message>
    <message>
        <source>This account is switched off. Ask the security administrator.</source>
        <translation>该账号已停用，请联系安全管理员。</translation>
    </message>
    <message>
        <source>This one-time password is too old. Ask the security administrator for a new one.</source>
        <translation>该一次性密码已过期，请联系安全管理员重新生成。</translation>
    </message>
    <message>
        <source>Your password is about to be too old: within a week a login asks for a new one.</source>
        <translation>您的密码即将到期：一周之内，登录时会要求设置新密码。</translation>
    </message>
    <message>
        <source>Too easy to guess: at least {length} characters of {sorts} sorts, {distinct} different ones, without the account&apos;s name.</source>
        <translation>密码过于简单：至少 {length} 位、{sorts} 类字符、{distinct} 个不同字符，且不含账号名。</translation>
    </message>
    <message>
        <source>A password has at most {most} characters.</source>
        <translation>密码最多 {most} 位。</translation>
    </message>
    <message>
        <source>You have used this password before. Take another one.</source>
        <translation>该密码以前用过，请换一个。</translation>
    </message>
    <message>
        <source>Your login at the hub has ended. Log in again.</source>
        <translation>您的登录已结束，请重新登录。</translation>
    </message>
    <message>
        <source>An account&apos;s name has 2 to 32 signs: small letters, digits, . _ -, a letter first.</source>
        <translation>账号名为 2 至 32 位：小写字母、数字、. _ -，以字母开头。</translation>
    </message>
    <message>
        <source>There is such an account already.</source>
        <translation>该账号已存在。</translation>
    </message>
    <message>
        <source>Choose at least one role.</source>
        <translation>请至少选择一个角色。</translation>
    </message>
    <message>
        <source>An administrator&apos;s role stands alone: nobody holds two of them, nor one together with an operating role.</source>
        <translation>管理员角色须单独授予：一人不得兼任两种管理员，也不得与业务角色兼任。</translation>
    </message>
    <message>
        <source>Your own roles are changed by another security administrator.</source>
        <translation>本人的角色须由另一名安全管理员修改。</translation>
    </message>
    <message>
        <source>This is the last account that can manage accounts.</source>
        <translation>这是最后一个能管理账号的账号。</translation>
    </message>
    <message>
        <source>Another machine&apos;s hub needs an address that begins with https://.</source>
        <translation>其他机器上的中枢，地址须以 https:// 开头。</translation>
    </message>
    <message>
        <source>This is not a hub&apos;s address. Write http://host:port or https://host:port.</source>
        <translation>这不是中枢地址，请写成 http://主机:端口 或 https://主机:端口。</translation>
    </message>
    <message>
        <source>Too many failed attempts. Try again in {wait_s} s.</source>
        <translation>失败次数过多，请在 {wait_s} 秒后重试。</translation>
    </message>
    <message>
        <source>Log in anew first: a password of your own or the second factor is still to be set up.</source>
        <translation>请先重新登录：还需设置您自己的密码或第二因子。</translation>
    </message>
    <message>
        <source>Your login must be renewed. If this stays, log in again.</source>
        <translation>登录需要续期。如一直如此，请重新登录。</translation>
    </message>
    <message>
        <source>Begin with the picture for the authenticator, then enter its code.</source>
        <translation>请先用身份验证器扫描图片，再填写动态口令。</translation>
    </message>
    <message>
        <source>The second factor is set up already. The security administrator can reset it.</source>
        <translation>第二因子已设置。可由安全管理员重置。</translation>
    </message>
    <message>
        <source>The hub cannot read its key for second factors. Tell who looks after the hub.</source>
        <translation>中枢无法读取第二因子的密钥。请告知中枢的维护人员。</translation>
    </message>
    <message>
        <source>The hub cannot read its file of tokens. Tell who looks after the hub.</source>
        <translation>中枢无法读取令牌文件。请告知中枢的维护人员。</translation>
    </message>
    <message>
        <source>The hub&apos;s file of tokens is missing. Start the hub again to make it.</source>
        <translation>中枢的令牌文件不存在。重新启动中枢即可生成。</translation>
    </message>
    <message>
        <source>There is no such account any more. Load the list again.</source>
        <translation>该账号已不存在，请刷新列表。</translation>
    </message>
    <message>
        <source>The hub does not know one of these roles. Console and hub may be of different versions.</source>
        <translation>中枢不认识其中的某个角色。控制台与中枢的版本可能不同。</translation>
    </message>
    <message>
        <source>This role is for programs: they log in with a token of tokens.toml, not with an account.</source>
        <translation>该角色供程序使用：程序凭 tokens.toml 中的令牌登录，不使用账号。</translation>
    </message>
    <message>
        <source>acknowledge an alarm</source>
        <translation>确认告警</translation>
    </message>
    <message>
        <source>make a case of an alarm</source>
        <translation>告警转案件</translation>
    </message>
    <message>
        <source>shelve an alarm</source>
        <translation>搁置报警</translation>
    </message>
    <message>
        <source>take an alarm off its shelf</source>
        <translation>取消搁置</translation>
    </message>
    <message>
        <source>take out of service</source>
        <translation>停用</translation>
    </message>
    <message>
        <source>put back into service</source>
        <translation>恢复使用</translation>
    </message>
    <message>
        <source>send who is proposed</source>
        <translation>派出建议的队伍</translation>
    </message>
    <message>
        <source>ask somebody else</source>
        <translation>换一个队伍</translation>
    </message>
    <message>
        <source>close a road</source>
        <translation>封闭道路</translation>
    </message>
    <message>
        <source>open a road</source>
        <translation>解除封闭</translation>
    </message>
    <message>
        <source>open a case</source>
        <translation>新建案件</translation>
    </message>
    <message>
        <source>close a case</source>
        <translation>结案</translation>
    </message>
    <message>
        <source>void a case</source>
        <translation>作废案件</translation>
    </message>
    <message>
        <source>dispatch</source>
        <translation>派遣</translation>
    </message>
    <message>
        <source>This needs a reason.</source>
        <translation>必须填写理由。</translation>
    </message>
    <message>
        <source>Another person must do this: nobody approves their own.</source>
        <translation>须由另一人操作：不得审批自己的申请。</translation>
    </message>
    <message>
        <source>The case is overdue; that is not possible any more.</source>
        <translation>案件已超时，不能再这样操作。</translation>
    </message>
    <message>
        <source>The case was handed back in time; there is nothing to appeal.</source>
        <translation>案件按时反馈，没有可申诉的事项。</translation>
    </message>
    <message>
        <source>That has been done as often as it may be on this case.</source>
        <translation>该案件此项操作已达上限。</translation>
    </message>
    <message>
        <source>More is reported as used than was promised.</source>
        <translation>上报的实际用量超过预留数量。</translation>
    </message>
    <message>
        <source>recall a dispatch</source>
        <translation>撤回派遣</translation>
    </message>
    <message>
        <source>The expression is empty.</source>
        <translation>表达式为空。</translation>
    </message>
    <message>
        <source>Character {at}: “{found}” means nothing here.</source>
        <translation>第 {at} 个字符：“{found}”在此处没有意义。</translation>
    </message>
    <message>
        <source>Character {at}: what begins with {opening} never ends; {closing} is missing.</source>
        <translation>第 {at} 个字符：{opening} 之后没有结束，缺少 {closing}。</translation>
    </message>
    <message>
        <source>Character {at}: “{wanted}” is missing here.</source>
        <translation>第 {at} 个字符：此处缺少“{wanted}”。</translation>
    </message>
    <message>
        <source>Character {at}: the expression ends too early.</source>
        <translation>第 {at} 个字符：表达式不完整。</translation>
    </message>
    <message>
        <source>Character {at}: “{found}” does not fit here.</source>
        <translation>第 {at} 个字符：此处不能出现“{found}”。</translation>
    </message>
    <message>
        <source>Character {at}: after like stands a text such as &apos;%road%&apos;.</source>
        <translation>第 {at} 个字符：like 之后应为文本，例如 &apos;%路%&apos;。</translation>
    </message>
    <message>
        <source>Character {at}: distance_m takes a longitude and a latitude in degrees, as in distance_m(101.80, 36.61).</source>
        <translation>第 {at} 个字符：distance_m 需要以度为单位的经度和纬度，例如 distance_m(101.80, 36.61)。</translation>
    </message>
    <message>
        <source>Character {at}: there is no field “{name}”. Texts stand in single quotes: &apos;{name}&apos;.</source>
        <translation>第 {at} 个字符：没有字段“{name}”。文本请用单引号：&apos;{name}&apos;。</translation>
    </message>
    <message>
        <source>Character {at}: there is no field “{name}”. Did you mean “{close}”?</source>
        <translation>第 {at} 个字符：没有字段“{name}”。是否指“{close}”？</translation>
    </message>
    <message>
        <source>Character {at}: there is no function “{name}”. There are: {names}.</source>
        <translation>第 {at} 个字符：没有函数“{name}”。可用函数：{names}。</translation>
    </message>
    <message>
        <source>Character {at}: {name} takes {count} values.</source>
        <translation>第 {at} 个字符：{name} 需要 {count} 个参数。</translation>
    </message>
    <message>
        <source>Character {at}: {name} is one of these: {words}.</source>
        <translation>第 {at} 个字符：{name} 只能是以下之一：{words}。</translation>
    </message>
    <message>
        <source>The expression is too long; {most} characters are allowed.</source>
        <translation>表达式过长，最多 {most} 个字符。</translation>
    </message>
    <message>
        <source>Character {at}: the expression has too many parts or brackets.</source>
        <translation>第 {at} 个字符：表达式的组成部分或括号过多。</translation>
    </message>
    <message>
        <source>This is no layer set, or a damaged one. Nothing was changed. ({what})</source>
        <translation>这不是图层方案文件，或文件已损坏。未做任何更改。（{what}）</translation>
    </message>
    <message>
        <source>This file is no layer set, or a damaged one: line {line}, character {column} is not as it should be. Nothing was changed.</source>
        <translation>该文件不是图层集，或已损坏：第 {line} 行第 {column} 个字符有误。未作任何改动。</translation>
    </message>
    <message>
        <source>This file is no layer set: it is not even text. Nothing was changed.</source>
        <translation>该文件不是图层集，也不是文本文件。未作任何改动。</translation>
    </message>
    <message>
        <source>Your saved layers could not be read and were set aside as {file}. The layers of the packs are shown.</source>
        <translation>您保存的图层无法读取，已另存为 {file}。现显示专题包的图层。</translation>
    </message>
    <message>
        <source>Your layers cannot be saved on this desk&apos;s disk: {what}. They stay until you leave.</source>
        <translation>您的图层无法保存到本席位的磁盘：{what}。离开前仍然有效。</translation>
    </message>
    <message>
        <source>A name has 1 to {most} characters.</source>
        <translation>名称为 1 到 {most} 个字符。</translation>
    </message>
    <message>
        <source>There are {most} workspaces already; delete one first.</source>
        <translation>已有 {most} 个工作区，请先删除一个。</translation>
    </message>
    <message>
        <source>What you keep at this desk (bookmarks, units) could not be written: {why}. It holds until this console ends; free space on its disk.</source>
        <translation>本席位保存的内容（书签、单位）写不进去：{why}。在本次运行结束前仍有效，请清理磁盘空间。</translation>
    </message>
    <message>
        <source>The sheet cannot be written to {path}. Choose another place, or free space there.</source>
        <translation>图幅无法写到 {path}。请另选位置，或清理磁盘空间。</translation>
    </message>
    <message>
        <source>There is no memory for a picture of this size. Take fewer dots an inch or A4.</source>
        <translation>内存不足，无法生成这么大的图片。请降低精细度或改用 A4。</translation>
    </message>
    <message>
        <source>The list of administrative units cannot be read: {why}. Install this program anew.</source>
        <translation>行政单元表无法读取：{why}。请重新安装本程序。</translation>
    </message>
    <message>
        <source>The disk is full: {name} was not written. Free space or choose another disk.</source>
        <translation>磁盘已满，{name} 未写入。请清理空间或选择其他磁盘。</translation>
    </message>
    <message>
        <source>{folder} may not be written here: choose another folder.</source>
        <translation>无权写入 {folder}，请选择其他文件夹。</translation>
    </message>
    <message>
        <source>There is no folder {folder} (any more).</source>
        <translation>文件夹 {folder} 不存在。</translation>
    </message>
    <message>
        <source>{name} was not written: {reason}</source>
        <translation>{name} 未写入：{reason}</translation>
    </message>
    <message>
        <source>A spreadsheet holds {most} rows and this has {rows}: filter it, or export CSV or GeoPackage.</source>
        <translation>电子表格最多 {most} 行，现有 {rows} 行：请先筛选，或导出为 CSV、GeoPackage。</translation>
    </message>
    <message>
        <source>The hub does not answer, so the export cannot be put on record. Nothing was written; try again when LIVE is shown.</source>
        <translation>中枢无应答，导出无法记入审计，因此未写入任何文件。请在显示“实时”后重试。</translation>
    </message>
    <message>
        <source>The hub has no such export of yours on record.</source>
        <translation>中枢没有您这次导出的记录。</translation>
    </message>
    <message>
        <source>The hub knows no such kind. Its packs may be others than this desk&apos;s.</source>
        <translation>中枢没有此类型，其专题包可能与本席位不同。</translation>
    </message>
</context>
<context>
    <name>MiniMap</name>
    <message>
        <source>Where the rows lie</source>
        <translation>各行的位置</translation>
    </message>
    <message>
        <source>No positions yet</source>
        <translation>尚无位置</translation>
    </message>
    <message>
        <source>Far from this district: {0}, {1}</source>
        <translation>不在本区附近：{0}，{1}</translation>
    </message>
</context>
<context>
    <name>NearCameras</name>
    <message>
        <source>{0} more further away</source>
        <translation>更远处还有 {0} 路</translation>
    </message>
    <message>
        <source>Show this camera</source>
        <translation>显示此摄像机</translation>
    </message>
    <message>
        <source>Open video</source>
        <translation>打开视频</translation>
    </message>
</context>
<context>
    <name>OrdersController</name>
    <message>
        <source>It was sent so long ago that sending it again could carry it out twice. Look whether it was done, and withdraw it.</source>
        <translation>该命令发出已久，再次发送可能重复执行。请核实是否已执行，然后撤下。</translation>
    </message>
</context>
<context>
    <name>OutDialog</name>
    <message>
        <source>Take out of service</source>
        <translation>停用</translation>
    </message>
    <message>
        <source>It asks for nobody until somebody puts it back, however long that takes; what happens meanwhile is recorded, and everyone sees who took it out and why.</source>
        <translation>在有人恢复之前一直不再提示，无论多久；其间的变化照常记录，所有席位都能看到由谁停用及原因。</translation>
    </message>
    <message>
        <source>Only this alarm</source>
        <translation>只停用此报警</translation>
    </message>
    <message>
        <source>{0} with all its alarms</source>
        <translation>{0}及其全部报警</translation>
    </message>
</context>
<context>
    <name>PersonalView</name>
    <message>
        <source>Show personal data…</source>
        <translation>查看个人信息…</translation>
    </message>
    <message>
        <source>Personal data</source>
        <translation>个人信息</translation>
    </message>
    <message>
        <source>Shown for a minute; that you looked is on record.</source>
        <translation>显示一分钟；此次查看已记录。</translation>
    </message>
    <message>
        <source>That you look, and why, is kept in the audit.</source>
        <translation>查看行为及理由将记入审计。</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>查看</translation>
    </message>
    <message>
        <source>Why do you need it?</source>
        <translation>为什么需要？</translation>
    </message>
</context>
<context>
    <name>Places</name>
    <message>
        <source>Road</source>
        <translation>道路</translation>
    </message>
    <message>
        <source>Motorway</source>
        <translation>高速公路</translation>
    </message>
    <message>
        <source>River</source>
        <translation>河流</translation>
    </message>
    <message>
        <source>Gully</source>
        <translation>沟道</translation>
    </message>
    <message>
        <source>Railway</source>
        <translation>铁路</translation>
    </message>
    <message>
        <source>Railway station</source>
        <translation>火车站</translation>
    </message>
    <message>
        <source>Bus station</source>
        <translation>汽车站</translation>
    </message>
    <message>
        <source>Hill</source>
        <translation>山体</translation>
    </message>
    <message>
        <source>Peak</source>
        <translation>山峰</translation>
    </message>
    <message>
        <source>Village or community</source>
        <translation>村（社区）</translation>
    </message>
    <message>
        <source>Town</source>
        <translation>城镇</translation>
    </message>
    <message>
        <source>Locality</source>
        <translation>地名</translation>
    </message>
    <message>
        <source>Township</source>
        <translation>乡镇街道</translation>
    </message>
    <message>
        <source>District</source>
        <translation>区县</translation>
    </message>
    <message>
        <source>Junction</source>
        <translation>路口</translation>
    </message>
    <message>
        <source>Gauging station</source>
        <translation>水文站</translation>
    </message>
    <message>
        <source>Hospital</source>
        <translation>医院</translation>
    </message>
    <message>
        <source>University</source>
        <translation>高校</translation>
    </message>
    <message>
        <source>Shopping centre</source>
        <translation>商场</translation>
    </message>
    <message>
        <source>Government office</source>
        <translation>政府机关</translation>
    </message>
    <message>
        <source>Religious site</source>
        <translation>宗教场所</translation>
    </message>
    <message>
        <source>Scenic spot</source>
        <translation>景区</translation>
    </message>
</context>
<context>
    <name>PlanSteps</name>
    <message>
        <source>within {0} min</source>
        <translation>{0} 分钟内</translation>
    </message>
</context>
<context>
    <name>PrintController</name>
    <message>
        <source>Situation map</source>
        <translation>态势图</translation>
    </message>
    <message>
        <source>The map is on the clipboard.</source>
        <translation>地图图片已放到剪贴板。</translation>
    </message>
    <message>
        <source>Record {0}</source>
        <translation>审计记录 {0}</translation>
    </message>
    <message>
        <source>Copied to the clipboard</source>
        <translation>复制到剪贴板</translation>
    </message>
    <message>
        <source>{0} pieces of the base map could not be had and are left blank.</source>
        <translation>有 {0} 块底图取不到，留空。</translation>
    </message>
    <message>
        <source>The map took too long to be made. Zoom in and try again.</source>
        <translation>生成地图用时过长，请放大后重试。</translation>
    </message>
    <message>
        <source>Scale 1:{0} on the sheet</source>
        <translation>图幅比例尺 1:{0}</translation>
    </message>
    <message>
        <source>Saved: {0}</source>
        <translation>已保存：{0}</translation>
    </message>
    <message>
        <source>The map is on the clipboard; that is on record.</source>
        <translation>地图已复制到剪贴板，并已记入审计。</translation>
    </message>
    <message>
        <source>The sheet is on the clipboard.</source>
        <translation>图幅已放到剪贴板。</translation>
    </message>
    <message>
        <source>Data of {0}</source>
        <translation>数据时间 {0}</translation>
    </message>
    <message>
        <source>REPLAY</source>
        <translation>回放</translation>
    </message>
    <message>
        <source>STALE {0}:{1:02d}</source>
        <translation>数据陈旧 {0}:{1:02d}</translation>
    </message>
    <message>
        <source>Schematic map</source>
        <translation>示意图</translation>
    </message>
    <message>
        <source>Base map: {0} · CGCS2000, Web Mercator</source>
        <translation>底图：{0} · CGCS2000，Web 墨卡托</translation>
    </message>
    <message>
        <source>Made {0} by {1} · OneMap Console</source>
        <translation>制图 {0} · {1} · 城运一图</translation>
    </message>
    <message>
        <source>Not for navigation; it shows no legal borders.</source>
        <translation>示意图，不用于导航，不表示法定界线。</translation>
    </message>
    <message>
        <source>On this map</source>
        <translation>图例</translation>
    </message>
    <message>
        <source>and {0} more layers with {1}</source>
        <translation>另有 {0} 个图层，共 {1} 个</translation>
    </message>
    <message>
        <source>Past state, played back: not the city as it is now.</source>
        <translation>回放的过去状态，不是城市现状。</translation>
    </message>
    <message>
        <source>Cases</source>
        <translation>案件</translation>
    </message>
</context>
<context>
    <name>PrintDialog</name>
    <message>
        <source>Print or export the map</source>
        <translation>打印或导出地图</translation>
    </message>
    <message>
        <source>Goes on record</source>
        <translation>记入审计</translation>
    </message>
    <message>
        <source>landscape</source>
        <translation>横向</translation>
    </message>
    <message>
        <source>portrait</source>
        <translation>纵向</translation>
    </message>
    <message>
        <source>For paper (light)</source>
        <translation>纸面配色（浅色）</translation>
    </message>
    <message>
        <source>As on the screen</source>
        <translation>与屏幕一致</translation>
    </message>
    <message>
        <source>Preview</source>
        <translation>预览</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Save as PDF…</source>
        <translation>存为 PDF…</translation>
    </message>
    <message>
        <source>Save as picture…</source>
        <translation>存为图片…</translation>
    </message>
    <message>
        <source>Copy picture</source>
        <translation>复制图片</translation>
    </message>
    <message>
        <source>This goes on record: say what it is needed for.</source>
        <translation>此操作将记入审计，请填写用途。</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>标题</translation>
    </message>
    <message>
        <source>What for</source>
        <translation>用途</translation>
    </message>
    <message>
        <source>Paper</source>
        <translation>纸张</translation>
    </message>
    <message>
        <source>Fineness</source>
        <translation>精细度</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>配色</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>QrView</name>
    <message>
        <source>Picture for the authenticator</source>
        <translation>身份验证器二维码</translation>
    </message>
</context>
<context>
    <name>ReachController</name>
    <message>
        <source>Drive time</source>
        <translation>行车时间</translation>
    </message>
    <message>
        <source>{0}: none has a place.</source>
        <translation>{0}：没有带位置的对象。</translation>
    </message>
    <message>
        <source>From the nearest of {1} {0}</source>
        <translation>从最近的{0}出发（共 {1} 个）</translation>
    </message>
    <message>
        <source>Stopped. Click a place, or choose a kind.</source>
        <translation>已停止。单击一个位置，或选择一类对象。</translation>
    </message>
    <message>
        <source>The road network cannot be read; see the log.</source>
        <translation>道路网读不出来，见日志。</translation>
    </message>
    <message>
        <source>The roads are still being read.</source>
        <translation>道路还在读取。</translation>
    </message>
    <message>
        <source>Click a place: how far one drives from there · Esc</source>
        <translation>点一个地点：从那里行车能到多远 · Esc</translation>
    </message>
    <message>
        <source>From {0}</source>
        <translation>从 {0} 出发</translation>
    </message>
    <message>
        <source>The search failed; see the log.</source>
        <translation>计算失败，请查看日志。</translation>
    </message>
    <message>
        <source>No road lies near enough to this place.</source>
        <translation>附近没有足够近的道路。</translation>
    </message>
</context>
<context>
    <name>ReachView</name>
    <message>
        <source>Minutes</source>
        <translation>分钟数</translation>
    </message>
    <message>
        <source>{0} min</source>
        <translation>{0} 分钟</translation>
    </message>
    <message>
        <source>From all of a kind</source>
        <translation>从某类全部对象出发</translation>
    </message>
    <message>
        <source>As if no road were closed</source>
        <translation>按道路全部开放计算</translation>
    </message>
    <message>
        <source>Take “Drive-time area” on the map and click a place, or choose a kind.</source>
        <translation>在地图上选“行车时间圈”点一个地点，或选一类对象。</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>清除</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>From all of a kind…</source>
        <translation>从某类全部对象出发…</translation>
    </message>
    <message>
        <source>Searching…</source>
        <translation>正在计算…</translation>
    </message>
    <message>
        <source>What lies within {0} m of a road that is reached counts as reached.</source>
        <translation>距可达道路 {0} 米以内算可达。</translation>
    </message>
    <message>
        <source>{0} km² · {1} km of road · things: {2}</source>
        <translation>{0} km² · 道路 {1} km · 对象 {2}</translation>
    </message>
    <message>
        <source>Select</source>
        <translation>选择</translation>
    </message>
    <message>
        <source>Select all that is shown inside</source>
        <translation>选中其中显示的全部对象</translation>
    </message>
</context>
<context>
    <name>ReplayController</name>
    <message>
        <source>The log is still too young to replay; it opens by itself.</source>
        <translation>日志时间太短，还不能回放；稍后自动打开。</translation>
    </message>
    <message>
        <source>Loading {0} …</source>
        <translation>正在载入 {0} …</translation>
    </message>
</context>
<context>
    <name>ReturnBar</name>
    <message>
        <source>Back to the dispatch</source>
        <translation>返回调派</translation>
    </message>
    <message>
        <source>Drop it</source>
        <translation>放弃调派</translation>
    </message>
</context>
<context>
    <name>Roads</name>
    <message>
        <source>{0} closed: {1}</source>
        <translation>{0}封闭：{1}</translation>
    </message>
    <message>
        <source>closes no road that is known</source>
        <translation>不在已知道路上</translation>
    </message>
    <message>
        <source>until {0}</source>
        <translation>至 {0}</translation>
    </message>
    <message>
        <source>{0}, there about {1}</source>
        <translation>{0}，约 {1} 到达</translation>
    </message>
    <message>
        <source>{0} min</source>
        <translation>{0} 分钟</translation>
    </message>
    <message>
        <source>{0} h {1} min</source>
        <translation>{0} 小时 {1} 分</translation>
    </message>
    <message>
        <source>{0} straight line</source>
        <translation>直线 {0}</translation>
    </message>
    <message>
        <source>road without a name</source>
        <translation>无名道路</translation>
    </message>
    <message>
        <source>Start on {0}</source>
        <translation>从{0}出发</translation>
    </message>
    <message>
        <source>Straight on along {0}</source>
        <translation>沿{0}直行</translation>
    </message>
    <message>
        <source>Bear left into {0}</source>
        <translation>向左前方进入{0}</translation>
    </message>
    <message>
        <source>Turn left into {0}</source>
        <translation>左转进入{0}</translation>
    </message>
    <message>
        <source>Turn sharp left into {0}</source>
        <translation>向左后方转入{0}</translation>
    </message>
    <message>
        <source>Bear right into {0}</source>
        <translation>向右前方进入{0}</translation>
    </message>
    <message>
        <source>Turn right into {0}</source>
        <translation>右转进入{0}</translation>
    </message>
    <message>
        <source>Turn sharp right into {0}</source>
        <translation>向右后方转入{0}</translation>
    </message>
    <message>
        <source>Turn round on {0}</source>
        <translation>在{0}掉头</translation>
    </message>
    <message>
        <source>From the stop go on along {0}</source>
        <translation>从途经点沿{0}继续</translation>
    </message>
    <message>
        <source>Arrive</source>
        <translation>到达</translation>
    </message>
</context>
<context>
    <name>RoadsController</name>
    <message>
        <source>Route</source>
        <translation>路线</translation>
    </message>
    <message>
        <source>Closed roads</source>
        <translation>封闭道路</translation>
    </message>
    <message>
        <source>Click where the route starts · Ctrl snaps to features · Esc</source>
        <translation>点起点 · 按 Ctrl 吸附到对象 · Esc</translation>
    </message>
    <message>
        <source>Click where the route goes · Ctrl snaps to features · Esc</source>
        <translation>点终点 · 按 Ctrl 吸附到对象 · Esc</translation>
    </message>
    <message>
        <source>Each click goes on from the last place · Esc</source>
        <translation>每次点击从上一地点继续 · Esc</translation>
    </message>
    <message>
        <source>A route has at most {0} places.</source>
        <translation>一条路线最多 {0} 个地点。</translation>
    </message>
    <message>
        <source>Goes through: {0}</source>
        <translation>经过：{0}</translation>
    </message>
    <message>
        <source>Goes round: {0}</source>
        <translation>绕行：{0}</translation>
    </message>
    <message>
        <source>Copied.</source>
        <translation>已复制。</translation>
    </message>
    <message>
        <source>This is a replay: orders go nowhere.</source>
        <translation>这是回放：命令不会生效。</translation>
    </message>
    <message>
        <source>Your account may not close roads.</source>
        <translation>您的账号不能封闭道路。</translation>
    </message>
    <message>
        <source>Closed roads ({0})</source>
        <translation>封闭道路（{0}）</translation>
    </message>
    <message>
        <source>No road is closed.</source>
        <translation>没有道路封闭。</translation>
    </message>
    <message>
        <source>Places where roads are closed: {0}</source>
        <translation>道路封闭 {0} 处</translation>
    </message>
</context>
<context>
    <name>Roles</name>
    <message>
        <source>observer</source>
        <translation>观察员</translation>
    </message>
    <message>
        <source>leader</source>
        <translation>领导</translation>
    </message>
    <message>
        <source>duty officer</source>
        <translation>值班员</translation>
    </message>
    <message>
        <source>dispatcher</source>
        <translation>调度员</translation>
    </message>
    <message>
        <source>sub-centre</source>
        <translation>分中心</translation>
    </message>
    <message>
        <source>department</source>
        <translation>部门</translation>
    </message>
    <message>
        <source>trainer</source>
        <translation>教员</translation>
    </message>
    <message>
        <source>system administrator</source>
        <translation>系统管理员</translation>
    </message>
    <message>
        <source>security administrator</source>
        <translation>安全管理员</translation>
    </message>
    <message>
        <source>audit administrator</source>
        <translation>审计管理员</translation>
    </message>
</context>
<context>
    <name>RouteButtons</name>
    <message>
        <source>Route to here</source>
        <translation>到这里的路线</translation>
    </message>
    <message>
        <source>Route from here</source>
        <translation>从这里出发的路线</translation>
    </message>
</context>
<context>
    <name>RouteView</name>
    <message>
        <source>Take “Route” on the map and click where it starts, then where it goes.</source>
        <translation>在地图上选“路线”，先点起点，再点终点。</translation>
    </message>
    <message>
        <source>As if no road were closed</source>
        <translation>按道路全部开放计算</translation>
    </message>
    <message>
        <source>Other way round</source>
        <translation>反向</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy the steps as text</source>
        <translation>把步骤复制为文字</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>清除</translation>
    </message>
    <message>
        <source>Searching…</source>
        <translation>正在计算…</translation>
    </message>
    <message>
        <source>A place is too far from every road that is known.</source>
        <translation>有地点离所有已知道路都太远。</translation>
    </message>
    <message>
        <source>No road that is open connects these places.</source>
        <translation>没有开放的道路连通这些地点。</translation>
    </message>
    <message>
        <source>{0} in a straight line; an estimate of {1}, not a way by road</source>
        <translation>直线 {0}；估计 {1}，不是道路行程</translation>
    </message>
    <message>
        <source>No way by road is known</source>
        <translation>没有已知的道路行程</translation>
    </message>
    <message>
        <source>From</source>
        <translation>起点</translation>
    </message>
    <message>
        <source>To</source>
        <translation>终点</translation>
    </message>
    <message>
        <source>Via</source>
        <translation>途经</translation>
    </message>
    <message>
        <source>Take this place out</source>
        <translation>去掉这个地点</translation>
    </message>
    <message>
        <source>from and to the road {0} and {1} in a straight line</source>
        <translation>两端到道路的直线 {0} 和 {1}</translation>
    </message>
    <message>
        <source>without delays by traffic and lights</source>
        <translation>不含拥堵和信号灯等待</translation>
    </message>
</context>
<context>
    <name>Rows</name>
    <message>
        <source>{0} now {1}, worst {2}</source>
        <translation>{0} 现值 {1}，极值 {2}</translation>
    </message>
    <message>
        <source>back to normal</source>
        <translation>已恢复</translation>
    </message>
    <message>
        <source>back to normal at {0}</source>
        <translation>已恢复至 {0}</translation>
    </message>
</context>
<context>
    <name>SearchBox</name>
    <message>
        <source>Search place, number, name, pinyin  /</source>
        <translation>搜索地点、编号、名称、拼音  /</translation>
    </message>
    <message>
        <source>Search  /</source>
        <translation>搜索  /</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
</context>
<context>
    <name>SeatKeeper</name>
    <message>
        <source>Your login at the hub has ended. Log in again.</source>
        <translation>您的登录已结束，请重新登录。</translation>
    </message>
</context>
<context>
    <name>SelectionView</name>
    <message>
        <source>Select by expression, such as level &gt; 0.5</source>
        <translation>按表达式选择，如 level &gt; 0.5</translation>
    </message>
    <message>
        <source>Select by expression</source>
        <translation>按表达式选择</translation>
    </message>
    <message>
        <source>Nothing is selected. Take a selection tool on the map: click, drag a box or a circle, or click corners. Only what the map shows can be selected.</source>
        <translation>没有选中任何对象。请在地图上取用选择工具：单击，拖出矩形或圆，或单击各角点。只能选择地图上显示的对象。</translation>
    </message>
    <message>
        <source>{0} selected</source>
        <translation>已选 {0} 个</translation>
    </message>
    <message>
        <source>{0} more lie there in layers that are off; only what is shown is selected.</source>
        <translation>另有 {0} 个在已关闭的图层中；只选择显示的对象。</translation>
    </message>
    <message>
        <source>Keep only these selected</source>
        <translation>只保留这一类</translation>
    </message>
</context>
<context>
    <name>ShelveDialog</name>
    <message>
        <source>Shelve</source>
        <translation>搁置</translation>
    </message>
    <message>
        <source>It leaves the list and is counted as shelved; everyone sees who, why and until when. It comes back by itself, unacknowledged if it still stands; at once if it gets worse.</source>
        <translation>报警离开列表并计入“已搁置”，所有席位都能看到由谁、为何、到何时。到时自动回来，仍异常则为未确认；若变得更严重则立即回来。</translation>
    </message>
    <message>
        <source>For {0}</source>
        <translation>{0}</translation>
    </message>
    <message>
        <source>For {0}, the longest</source>
        <translation>{0}（最长）</translation>
    </message>
    <message>
        <source>Until it is normal again, at most {0}</source>
        <translation>直到恢复正常，最长 {0}</translation>
    </message>
    <message>
        <source>{0} h</source>
        <translation>{0} 小时</translation>
    </message>
    <message>
        <source>{0} min</source>
        <translation>{0} 分钟</translation>
    </message>
</context>
<context>
    <name>SinglePage</name>
    <message>
        <source>What is in alarm, silent or offline keeps its own look.</source>
        <translation>报警、静默或离线的对象保留原有外观。</translation>
    </message>
</context>
<context>
    <name>Sounds</name>
    <message>
        <source>{0} more alarms have come, the worst: {1}.</source>
        <translation>又来了 {0} 条报警，最严重：{1}。</translation>
    </message>
</context>
<context>
    <name>SourcePage</name>
    <message>
        <source>Choose, or type an EPSG code such as 4490</source>
        <translation>请选择，或输入 EPSG 编号，如 4490</translation>
    </message>
    <message>
        <source>WGS 84 / CGCS2000</source>
        <translation>WGS 84 / CGCS2000</translation>
    </message>
    <message>
        <source>GCJ-02 (most Chinese maps on phones)</source>
        <translation>GCJ-02（国内多数手机地图）</translation>
    </message>
    <message>
        <source>BD-09 (Baidu)</source>
        <translation>BD-09（百度）</translation>
    </message>
    <message>
        <source>Encoding</source>
        <translation>编码</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>图层</translation>
    </message>
    <message>
        <source>Reference system</source>
        <translation>坐标系</translation>
    </message>
    <message>
        <source>Degrees are</source>
        <translation>经纬度基准</translation>
    </message>
    <message>
        <source>First rows of the file</source>
        <translation>文件前几行</translation>
    </message>
    <message>
        <source>The file does not say in which reference system its coordinates are. Choose it.</source>
        <translation>文件未说明坐标所用的坐标系，请选择。</translation>
    </message>
    <message>
        <source>The numbers look like:</source>
        <translation>坐标数值像是：</translation>
    </message>
    <message>
        <source>Take this reference system</source>
        <translation>采用此坐标系</translation>
    </message>
</context>
<context>
    <name>SpanChoice</name>
    <message>
        <source>Begin of the span</source>
        <translation>时段起点</translation>
    </message>
    <message>
        <source>End of the span</source>
        <translation>时段终点</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Load this span (Enter)</source>
        <translation>载入此时段（回车）</translation>
    </message>
    <message>
        <source>Last 10 min</source>
        <translation>最近 10 分钟</translation>
    </message>
    <message>
        <source>Last hour</source>
        <translation>最近 1 小时</translation>
    </message>
    <message>
        <source>All</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>The begin must lie before the end.</source>
        <translation>起点必须早于终点。</translation>
    </message>
    <message>
        <source>The log holds {0} – {1} only.</source>
        <translation>日志只有 {0} – {1}。</translation>
    </message>
    <message>
        <source>The ends of the log are not known yet.</source>
        <translation>日志的起止时间尚不清楚。</translation>
    </message>
    <message>
        <source>The log holds {0} – {1}.</source>
        <translation>日志范围 {0} – {1}。</translation>
    </message>
</context>
<context>
    <name>StandingAlarms</name>
    <message>
        <source>{0} acknowledged {1}</source>
        <translation>{0} 于 {1} 确认</translation>
    </message>
    <message>
        <source>Acknowledge</source>
        <translation>确认</translation>
    </message>
    <message>
        <source>Turn into a case</source>
        <translation>转为案件</translation>
    </message>
</context>
<context>
    <name>StepPage</name>
    <message>
        <source>those without a number</source>
        <translation>无数值的对象</translation>
    </message>
    <message>
        <source>Field</source>
        <translation>字段</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>级数</translation>
    </message>
    <message>
        <source>Bounds</source>
        <translation>分级</translation>
    </message>
    <message>
        <source>equally many in each</source>
        <translation>分位数（每级数量相同）</translation>
    </message>
    <message>
        <source>equal widths</source>
        <translation>等间距</translation>
    </message>
    <message>
        <source>limits of the packs</source>
        <translation>专题包阈值</translation>
    </message>
    <message>
        <source>my own</source>
        <translation>自定义</translation>
    </message>
    <message>
        <source>There are no such bounds: all numbers are alike, or there are none.</source>
        <translation>无法分级：数值全部相同，或没有数值。</translation>
    </message>
    <message>
        <source>No rule of the packs has limits for this.</source>
        <translation>专题包的规则对此没有阈值。</translation>
    </message>
    <message>
        <source>Up to</source>
        <translation>上限</translation>
    </message>
    <message>
        <source>Bounds are numbers that ascend; this one was not taken.</source>
        <translation>分级上限须为递增的数值；此值未采用。</translation>
    </message>
</context>
<context>
    <name>Stock</name>
    <message>
        <source>{0} free</source>
        <translation>可用 {0}</translation>
    </message>
    <message>
        <source>{0} reserved</source>
        <translation>已预留 {0}</translation>
    </message>
</context>
<context>
    <name>StretchList</name>
    <message>
        <source>No known road is closed by it.</source>
        <translation>其中没有已知道路。</translation>
    </message>
    <message>
        <source>Closes {0} stretches, {1} together: {2}.</source>
        <translation>将封闭 {0} 段，共 {1}：{2}。</translation>
    </message>
    <message>
        <source>{0} stay open.</source>
        <translation>{0} 段不封闭。</translation>
    </message>
    <message>
        <source>bridge, above</source>
        <translation>上层（桥）</translation>
    </message>
    <message>
        <source>tunnel, below</source>
        <translation>下层（隧道）</translation>
    </message>
</context>
<context>
    <name>StyleEditor</name>
    <message>
        <source>Style: {0}</source>
        <translation>样式：{0}</translation>
    </message>
    <message>
        <source>All alike</source>
        <translation>单一符号</translation>
    </message>
    <message>
        <source>By category</source>
        <translation>分类</translation>
    </message>
    <message>
        <source>By number</source>
        <translation>分级</translation>
    </message>
    <message>
        <source>Heat map</source>
        <translation>热力图</translation>
    </message>
    <message>
        <source>Sort of style</source>
        <translation>样式类型</translation>
    </message>
    <message>
        <source>Take this style</source>
        <translation>采用此样式</translation>
    </message>
    <message>
        <source>As it was</source>
        <translation>恢复原样</translation>
    </message>
    <message>
        <source>Drawn</source>
        <translation>显示方式</translation>
    </message>
    <message>
        <source>Nothing of this layer has a field for this.</source>
        <translation>此图层的对象没有可用的字段。</translation>
    </message>
    <message>
        <source>Nothing of this layer has a number that differs.</source>
        <translation>此图层的对象没有有差异的数值。</translation>
    </message>
    <message>
        <source>Some classes differ by their colour alone. Not everybody sees that.</source>
        <translation>有些类别仅靠颜色区分，并非人人都能分辨。</translation>
    </message>
</context>
<context>
    <name>SuppressedList</name>
    <message>
        <source>Suppressed alarms</source>
        <translation>被抑制的报警</translation>
    </message>
    <message>
        <source>Put back</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>Nothing is shelved or out of service.</source>
        <translation>没有搁置或停用的报警。</translation>
    </message>
    <message>
        <source>Back into the list, and unacknowledged if it stands (Del)</source>
        <translation>回到列表，仍异常则为未确认（Del）</translation>
    </message>
    <message>
        <source>By design: it ends with the state of the thing.</source>
        <translation>设计抑制：随对象状态结束。</translation>
    </message>
    <message>
        <source>Recorded, but nobody is asked for it.</source>
        <translation>照常记录，但不提示任何人。</translation>
    </message>
    <message>
        <source>Alarm</source>
        <translation>报警</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>地点</translation>
    </message>
    <message>
        <source>Until</source>
        <translation>到何时</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>由谁</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>by design</source>
        <translation>设计抑制</translation>
    </message>
    <message>
        <source>all of it out since {0}</source>
        <translation>整体停用，自 {0}</translation>
    </message>
    <message>
        <source>out of service since {0}</source>
        <translation>停用，自 {0}</translation>
    </message>
    <message>
        <source>shelved till {0} · {1}</source>
        <translation>搁置至 {0} · 剩 {1}</translation>
    </message>
    <message>
        <source>till normal, at most {0} · {1}</source>
        <translation>至恢复正常，最迟 {0} · 剩 {1}</translation>
    </message>
    <message>
        <source>no alarm stands</source>
        <translation>无报警</translation>
    </message>
</context>
<context>
    <name>TableController</name>
    <message>
        <source>Working on {0} rows…</source>
        <translation>正在处理 {0} 行…</translation>
    </message>
    <message>
        <source>No data has come from the hub yet.</source>
        <translation>中枢尚无数据。</translation>
    </message>
    <message>
        <source>The layer&apos;s own filter cannot be read and is left out: {0}</source>
        <translation>图层自身的筛选无法识别，未予采用：{0}</translation>
    </message>
</context>
<context>
    <name>TableWindow</name>
    <message>
        <source>{0} – attribute table – OneMap Console</source>
        <translation>{0} – 属性表 – 城运一图</translation>
    </message>
    <message>
        <source>Past state. Orders are not carried out.</source>
        <translation>历史状态，指令不会执行。</translation>
    </message>
    <message>
        <source>REPLAY</source>
        <translation>回放</translation>
    </message>
</context>
<context>
    <name>TablesController</name>
    <message>
        <source>Choose a layer in the tree, or select something on the map, first.</source>
        <translation>请先在图层树中选择图层，或在地图上选择对象。</translation>
    </message>
</context>
<context>
    <name>TimeAxis</name>
    <message>
        <source>One event back (Left)</source>
        <translation>后退一条（←）</translation>
    </message>
    <message>
        <source>One event forward (Right)</source>
        <translation>前进一条（→）</translation>
    </message>
    <message>
        <source>Bookmark</source>
        <translation>书签</translation>
    </message>
    <message>
        <source>Set a bookmark at the playhead (B)</source>
        <translation>在播放位置设书签（B）</translation>
    </message>
    <message>
        <source>Bookmark {0}</source>
        <translation>书签 {0}</translation>
    </message>
    <message>
        <source>{0} times as fast as it was</source>
        <translation>{0} 倍速</translation>
    </message>
    <message>
        <source>Speed {0}</source>
        <translation>速度 {0}</translation>
    </message>
    <message>
        <source>Time axis</source>
        <translation>时间轴</translation>
    </message>
    <message>
        <source>No time span is loaded. Choose one above.</source>
        <translation>尚未载入时段，请在上方选择。</translation>
    </message>
    <message>
        <source>One event back</source>
        <translation>后退一条</translation>
    </message>
    <message>
        <source>One event forward</source>
        <translation>前进一条</translation>
    </message>
    <message>
        <source>The log&apos;s clock</source>
        <translation>当时的时钟</translation>
    </message>
    <message>
        <source>Go there</source>
        <translation>转到此处</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>重命名…</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>播放</translation>
    </message>
    <message>
        <source>Let the replay stand (Space)</source>
        <translation>暂停回放（空格）</translation>
    </message>
    <message>
        <source>Let it run (Space)</source>
        <translation>继续回放（空格）</translation>
    </message>
    <message>
        <source>Bookmarks {0}</source>
        <translation>书签 {0}</translation>
    </message>
    <message>
        <source>List of bookmarks; PageUp and PageDown go from one to the next</source>
        <translation>书签列表，PageUp 和 PageDown 逐个跳转</translation>
    </message>
    <message>
        <source>No bookmark yet; B sets one at the playhead</source>
        <translation>还没有书签，按 B 在播放位置设一个</translation>
    </message>
</context>
<context>
    <name>TopBar</name>
    <message>
        <source>Alarm load</source>
        <translation>报警负荷</translation>
    </message>
    <message>
        <source>Sound on</source>
        <translation>声音已开</translation>
    </message>
    <message>
        <source>Online {0} / {1} · unknown {2}</source>
        <translation>在线 {0} / {1} · 未知 {2}</translation>
    </message>
    <message>
        <source>READ-ONLY</source>
        <translation>只读</translation>
    </message>
    <message>
        <source>{0} / hour, high</source>
        <translation>{0} 条/时，偏高</translation>
    </message>
    <message>
        <source>{0} / hour</source>
        <translation>{0} 条/时</translation>
    </message>
    <message>
        <source>Target: {0} an hour on average, {1} at most</source>
        <translation>目标：平均每小时 {0} 条，最多 {1} 条</translation>
    </message>
    <message>
        <source>Muted {0}</source>
        <translation>静音 {0}</translation>
    </message>
    <message>
        <source>The sounds come back by themselves. Press to have them back now (Ctrl+M)</source>
        <translation>到时自动恢复声音。点击立即恢复（Ctrl+M）</translation>
    </message>
    <message>
        <source>Press to silence the sounds for 15 minutes (Ctrl+M)</source>
        <translation>点击静音 15 分钟（Ctrl+M）</translation>
    </message>
    <message>
        <source>No sound device</source>
        <translation>无声音设备</translation>
    </message>
    <message>
        <source>Alarms cannot be heard here: this machine has no sound output</source>
        <translation>这里听不到报警声：本机没有声音输出</translation>
    </message>
    <message>
        <source>OneMap Console</source>
        <translation>城运一图</translation>
    </message>
</context>
<context>
    <name>TopController</name>
    <message>
        <source>Seat {0}</source>
        <translation>{0} 号席</translation>
    </message>
    <message>
        <source>Waiting for the hub at {0}.</source>
        <translation>正在等待中枢 {0}。</translation>
    </message>
    <message>
        <source>The order without an answer was carried out: {0}.</source>
        <translation>此前未获答复的指令已执行：{0}。</translation>
    </message>
    <message>
        <source>The order without an answer was not carried out: {0}. {1}</source>
        <translation>此前未获答复的指令未执行：{0}。{1}</translation>
    </message>
</context>
<context>
    <name>ValueView</name>
    <message>
        <source>never reported</source>
        <translation>从未上报</translation>
    </message>
    <message>
        <source>STALE · {0}</source>
        <translation>陈旧 · {0}</translation>
    </message>
</context>
<context>
    <name>VideoGrid</name>
    <message>
        <source>Show {0} cameras (key {0})</source>
        <translation>显示 {0} 路（按键 {0}）</translation>
    </message>
    <message>
        <source>Show {0} cameras</source>
        <translation>显示 {0} 路</translation>
    </message>
    <message>
        <source>{0} of {1} panes in use</source>
        <translation>已用 {0} / {1} 窗格</translation>
    </message>
    <message>
        <source>Open cameras from the map or drop them on a pane.</source>
        <translation>从地图打开摄像机，或拖到窗格上。</translation>
    </message>
</context>
<context>
    <name>VideoPane</name>
    <message>
        <source>Close this camera</source>
        <translation>关闭此摄像机</translation>
    </message>
    <message>
        <source>Close this camera (Delete)</source>
        <translation>关闭此摄像机（Delete）</translation>
    </message>
    <message>
        <source>The registered address may not be opened: only rtsp, rtsps, http and https streams are.</source>
        <translation>登记的地址不能打开：只允许 rtsp、rtsps、http 和 https 流。</translation>
    </message>
    <message>
        <source>No camera. Drop one here or open one from the map.</source>
        <translation>无摄像机。可拖到此处，或从地图打开。</translation>
    </message>
    <message>
        <source>Connecting…</source>
        <translation>正在连接…</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>实时</translation>
    </message>
    <message>
        <source>No picture for {0}. Trying again.</source>
        <translation>已 {0} 无画面，正在重试。</translation>
    </message>
    <message>
        <source>The camera refuses or cannot be reached.</source>
        <translation>摄像机拒绝连接或无法到达。</translation>
    </message>
    <message>
        <source>The camera&apos;s host name is not known.</source>
        <translation>摄像机的主机名无法解析。</translation>
    </message>
    <message>
        <source>The camera&apos;s stream cannot be read.</source>
        <translation>摄像机的码流无法读取。</translation>
    </message>
    <message>
        <source>The camera ended the stream.</source>
        <translation>摄像机中断了码流。</translation>
    </message>
    <message>
        <source>The camera does not answer.</source>
        <translation>摄像机无应答。</translation>
    </message>
    <message>
        <source>Connecting</source>
        <translation>正在连接</translation>
    </message>
    <message>
        <source>No picture {0}</source>
        <translation>无画面 {0}</translation>
    </message>
    <message>
        <source>No live picture</source>
        <translation>无实时画面</translation>
    </message>
</context>
<context>
    <name>VideoWindow</name>
    <message>
        <source>Video – OneMap Console</source>
        <translation>视频 – 城运一图</translation>
    </message>
</context>
<context>
    <name>WaitingBar</name>
    <message>
        <source>Show or hide these orders</source>
        <translation>展开或收起这些命令</translation>
    </message>
    <message>
        <source>Nothing waits any more.</source>
        <translation>已没有等待的命令。</translation>
    </message>
    <message>
        <source>Orders that wait for the line: {0}</source>
        <translation>等待线路的命令：{0}</translation>
    </message>
    <message>
        <source>without an answer: {0}</source>
        <translation>未获答复：{0}</translation>
    </message>
    <message>
        <source>too old to be sent unasked: {0}</source>
        <translation>过久未发、待确认：{0}</translation>
    </message>
    <message>
        <source>refused after waiting: {0}</source>
        <translation>等待后被拒：{0}</translation>
    </message>
    <message>
        <source>and {0} more</source>
        <translation>另有 {0} 条</translation>
    </message>
    <message>
        <source>Send now</source>
        <translation>立即发送</translation>
    </message>
    <message>
        <source>Carry it out although it is old</source>
        <translation>虽已过时，仍然执行</translation>
    </message>
    <message>
        <source>waits, not sent yet</source>
        <translation>等待中，尚未发送</translation>
    </message>
    <message>
        <source>sent, no answer; it is sent again and carried out once</source>
        <translation>已发送未获答复；将重发，且只执行一次</translation>
    </message>
    <message>
        <source>more than ten minutes old: send it, or withdraw it</source>
        <translation>已超过十分钟：请发送或撤下</translation>
    </message>
    <message>
        <source>not carried out:</source>
        <translation>未执行：</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>知道了</translation>
    </message>
    <message>
        <source>Withdraw</source>
        <translation>撤下</translation>
    </message>
    <message>
        <source>Do not send it again. It may have been carried out already: look.</source>
        <translation>不再发送。它可能已执行，请核实。</translation>
    </message>
    <message>
        <source>I have read it</source>
        <translation>我已知悉</translation>
    </message>
    <message>
        <source>Never send it</source>
        <translation>不再发送</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>展开</translation>
    </message>
    <message>
        <source>Hide</source>
        <translation>收起</translation>
    </message>
</context>
<context>
    <name>WallController</name>
    <message>
        <source>OneMap Console</source>
        <translation>城运一图</translation>
    </message>
    <message>
        <source>Chengdong district overview</source>
        <translation>城东区总览</translation>
    </message>
    <message>
        <source>{0} / {1} · {2} unknown</source>
        <translation>{0} / {1} · 未知 {2}</translation>
    </message>
    <message>
        <source>none waits</source>
        <translation>无待办</translation>
    </message>
    <message>
        <source>oldest: {0}</source>
        <translation>最久：{0}</translation>
    </message>
    <message>
        <source> · {0} aside</source>
        <translation> · 另搁置或停用 {0}</translation>
    </message>
    <message>
        <source>red {0} · yellow {1}</source>
        <translation>红灯 {0} · 黄灯 {1}</translation>
    </message>
    <message>
        <source>last seven days</source>
        <translation>近七天</translation>
    </message>
    <message>
        <source>last seven days · target {0} %</source>
        <translation>最近七天 · 目标 {0} %</translation>
    </message>
    <message>
        <source>last seven days · before {0} %</source>
        <translation>近七天 · 此前 {0}%</translation>
    </message>
    <message>
        <source>{0} at the place</source>
        <translation>{0} 已到场</translation>
    </message>
    <message>
        <source>target {0} % · week before {1} %</source>
        <translation>目标 {0} % · 前一周 {1} %</translation>
    </message>
    <message>
        <source>Case {0}, nobody sent yet</source>
        <translation>案件 {0}，尚未派人</translation>
    </message>
    <message>
        <source>Acknowledged by {0}</source>
        <translation>{0} 已确认</translation>
    </message>
    <message>
        <source>Not acknowledged yet</source>
        <translation>尚未确认</translation>
    </message>
    <message>
        <source>Alarms in 10 minutes</source>
        <translation>10 分钟报警数</translation>
    </message>
</context>
<context>
    <name>WallPanel</name>
    <message>
        <source>Most urgent now</source>
        <translation>当前最紧急</translation>
    </message>
    <message>
        <source>No number is set for this scene.</source>
        <translation>此场景没有设定数字。</translation>
    </message>
    <message>
        <source>No curve is known for this scene yet.</source>
        <translation>此场景尚无曲线。</translation>
    </message>
    <message>
        <source>Nothing is urgent now. What turns bad shows up here by itself.</source>
        <translation>当前无紧急事项，变坏的会自动出现在这里。</translation>
    </message>
    <message>
        <source>Without data nobody knows what is urgent now.</source>
        <translation>没有数据，无法判断当前紧急事项。</translation>
    </message>
</context>
<context>
    <name>WallWindow</name>
    <message>
        <source>Wall – OneMap Console</source>
        <translation>大屏 – 城运一图</translation>
    </message>
</context>
<context>
    <name>WarehouseRow</name>
    <message>
        <source>No stock is recorded here.</source>
        <translation>此处没有库存记录。</translation>
    </message>
    <message>
        <source>{0} {1} free</source>
        <translation>可用 {0} {1}</translation>
    </message>
</context>
<context>
    <name>Words</name>
    <message>
        <source>normal</source>
        <translation>正常</translation>
    </message>
    <message>
        <source>information</source>
        <translation>提示</translation>
    </message>
    <message>
        <source>minor</source>
        <translation>一般</translation>
    </message>
    <message>
        <source>major</source>
        <translation>较重</translation>
    </message>
    <message>
        <source>critical</source>
        <translation>严重</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>online</source>
        <translation>在线</translation>
    </message>
    <message>
        <source>offline</source>
        <translation>离线</translation>
    </message>
    <message>
        <source>green</source>
        <translation>绿灯</translation>
    </message>
    <message>
        <source>yellow</source>
        <translation>黄灯</translation>
    </message>
    <message>
        <source>red</source>
        <translation>红灯</translation>
    </message>
    <message>
        <source>reported</source>
        <translation>已上报</translation>
    </message>
    <message>
        <source>not accepted</source>
        <translation>不予受理</translation>
    </message>
    <message>
        <source>returned</source>
        <translation>已退回</translation>
    </message>
    <message>
        <source>handled</source>
        <translation>已处置</translation>
    </message>
    <message>
        <source>to verify</source>
        <translation>待核实</translation>
    </message>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
    <message>
        <source>to register</source>
        <translation>待立案</translation>
    </message>
    <message>
        <source>to dispatch</source>
        <translation>待派遣</translation>
    </message>
    <message>
        <source>to handle</source>
        <translation>待处置</translation>
    </message>
    <message>
        <source>handling</source>
        <translation>处置中</translation>
    </message>
    <message>
        <source>to check</source>
        <translation>待核查</translation>
    </message>
    <message>
        <source>closed</source>
        <translation>已结案</translation>
    </message>
    <message>
        <source>voided</source>
        <translation>已作废</translation>
    </message>
    <message>
        <source>suspended</source>
        <translation>已挂账</translation>
    </message>
    <message>
        <source>opened</source>
        <translation>立案</translation>
    </message>
    <message>
        <source>accepted as a case</source>
        <translation>受理</translation>
    </message>
    <message>
        <source>sent to be verified</source>
        <translation>派核实</translation>
    </message>
    <message>
        <source>verified</source>
        <translation>核实属实</translation>
    </message>
    <message>
        <source>registered</source>
        <translation>立案</translation>
    </message>
    <message>
        <source>assigned</source>
        <translation>派遣部门</translation>
    </message>
    <message>
        <source>taken on</source>
        <translation>接办</translation>
    </message>
    <message>
        <source>assignee revoked</source>
        <translation>撤回经办人</translation>
    </message>
    <message>
        <source>work finished</source>
        <translation>处置完毕</translation>
    </message>
    <message>
        <source>checked</source>
        <translation>核查通过</translation>
    </message>
    <message>
        <source>repaired</source>
        <translation>补正</translation>
    </message>
    <message>
        <source>resumed</source>
        <translation>恢复办理</translation>
    </message>
    <message>
        <source>more time asked for</source>
        <translation>申请延期</translation>
    </message>
    <message>
        <source>more time approved</source>
        <translation>同意延期</translation>
    </message>
    <message>
        <source>more time refused</source>
        <translation>不同意延期</translation>
    </message>
    <message>
        <source>urged</source>
        <translation>督办</translation>
    </message>
    <message>
        <source>appealed</source>
        <translation>申诉</translation>
    </message>
    <message>
        <source>appeal decided</source>
        <translation>裁定申诉</translation>
    </message>
    <message>
        <source>overdue</source>
        <translation>超时</translation>
    </message>
    <message>
        <source>deadline by another calendar</source>
        <translation>工作日历变更，重算截止时间</translation>
    </message>
    <message>
        <source>taken over</source>
        <translation>接手</translation>
    </message>
    <message>
        <source>amended</source>
        <translation>补充</translation>
    </message>
    <message>
        <source>dispatched</source>
        <translation>派遣</translation>
    </message>
    <message>
        <source>handed back</source>
        <translation>处置反馈</translation>
    </message>
    <message>
        <source>withdrawn</source>
        <translation>撤回</translation>
    </message>
    <message>
        <source>load undone</source>
        <translation>导入已撤销</translation>
    </message>
    <message>
        <source>proposed</source>
        <translation>建议中</translation>
    </message>
    <message>
        <source>sent</source>
        <translation>已下达</translation>
    </message>
    <message>
        <source>accepted</source>
        <translation>已接受</translation>
    </message>
    <message>
        <source>on the way</source>
        <translation>赶赴途中</translation>
    </message>
    <message>
        <source>on site</source>
        <translation>已到场</translation>
    </message>
    <message>
        <source>done</source>
        <translation>已完成</translation>
    </message>
    <message>
        <source>declined</source>
        <translation>已拒绝</translation>
    </message>
    <message>
        <source>recalled</source>
        <translation>已召回</translation>
    </message>
    <message>
        <source>reserved</source>
        <translation>已预留</translation>
    </message>
    <message>
        <source>used up</source>
        <translation>已消耗</translation>
    </message>
    <message>
        <source>given back</source>
        <translation>已归还</translation>
    </message>
    <message>
        <source>asked for by the plan</source>
        <translation>预案所需</translation>
    </message>
    <message>
        <source>not needed, nearer ones suffice</source>
        <translation>不需要，更近的已足够</translation>
    </message>
    <message>
        <source>on another task</source>
        <translation>正执行其他任务</translation>
    </message>
    <message>
        <source>does not answer</source>
        <translation>无应答</translation>
    </message>
    <message>
        <source>other speciality than the plan asks for</source>
        <translation>专业与预案要求不符</translation>
    </message>
    <message>
        <source>by itself</source>
        <translation>系统自动</translation>
    </message>
    <message>
        <source>seat {0}</source>
        <translation>{0} 号席</translation>
    </message>
    <message>
        <source>suppressed by design</source>
        <translation>设计抑制中</translation>
    </message>
    <message>
        <source>shelved till {0} by {1}: {2}</source>
        <translation>{1} 已搁置至 {0}：{2}</translation>
    </message>
    <message>
        <source>out of service by {0}: {1}</source>
        <translation>{0} 已停用：{1}</translation>
    </message>
    <message>
        <source>duty officer</source>
        <translation>值班员</translation>
    </message>
    <message>
        <source>alarm</source>
        <translation>报警</translation>
    </message>
    <message>
        <source>no limit</source>
        <translation>无时限</translation>
    </message>
    <message>
        <source>left {0}</source>
        <translation>剩余 {0}</translation>
    </message>
    <message>
        <source>over {0}</source>
        <translation>超时 {0}</translation>
    </message>
</context>
<context>
    <name>_AsideDialog</name>
    <message>
        <source>Why? The other seats read it.</source>
        <translation>原因？其他席位会看到。</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
</context>
<context>
    <name>_Row</name>
    <message>
        <source>Check</source>
        <translation>检查</translation>
    </message>
    <message>
        <source>Download…</source>
        <translation>下载…</translation>
    </message>
    <message>
        <source>Change…</source>
        <translation>修改…</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation>移除…</translation>
    </message>
</context>
</TS>
