// The map window: base map below, the GPU overlay in "slot", and everything that floats above.
// Colours and fonts come in as "look"; what is pressed goes out through chrome.asked(name).
import QtQuick
import QtLocation
import QtPositioning

Item {
    id: root

    property QtObject chrome
    property var look: ({})
    property string tileHost
    property string cacheDirectory
    property int diskTiles: 0
    property string attribution: qsTr("Schematic map")
    property string baseTrouble
    property bool controls: true
    property real wordScale: 1

    property real lat: 0
    property real lon: 0
    property real zoom: 3
    property real metresPerPixel: 1
    property string coordinates
    property bool locked: false
    property bool stale: false
    property int staleSeconds: 0
    property string staleWords: ""
    property string hoverText
    property real hoverX: 0
    property real hoverY: 0
    property var tools: []
    property string tool: "pan"
    property string hint
    property string reading
    property real pointerX: 0
    property real pointerY: 0

    function twoDigits(n) { return (n < 10 ? "0" : "") + n }

    function scaleNumber() {
        const whole = root.metresPerPixel / (0.0254 / 96)
        const step = Math.pow(10, Math.max(0, Math.floor(Math.log10(whole)) - 2))
        return "1:" + String(Math.round(whole / step) * step).replace(/\B(?=(\d{3})+$)/g, ",")
    }

    function scaleMetres() {
        const most = 120 * root.wordScale * root.metresPerPixel
        const power = Math.pow(10, Math.floor(Math.log10(most)))
        const step = most / power
        return (step >= 5 ? 5 : step >= 2 ? 2 : 1) * power
    }

    // The base map. Its plugin's settings are fixed once it is made, so another address makes another
    // map; the one before stays under it until its tiles are there.
    property Item map: null
    property Item before: null
    onTileHostChanged: if (root.map !== null) root.layBase()
    Component.onCompleted: root.layBase()

    function layBase() {
        root.dropBefore()
        root.before = root.map
        root.map = baseMap.createObject(ground, root.before === null ? {} : {
            color: "transparent", zoomLevel: root.before.zoomLevel, center: root.before.center
        })
        if (root.before !== null)
            settle.restart()
    }

    function dropBefore() {
        settle.stop()
        if (root.before === null)
            return
        root.before.destroy()
        root.before = null
        root.map.color = root.look.ground
    }

    Timer {
        id: settle
        interval: 1500
        onTriggered: root.dropBefore()
    }

    Component {
        id: baseMap
        Map {
            id: map
            anchors.fill: parent
            copyrightsVisible: false
            color: root.look.ground
            plugin: Plugin {
                name: "osm"
                PluginParameter { name: "osm.mapping.providersrepository.disabled"; value: true }
                PluginParameter { name: "osm.mapping.custom.host"; value: root.tileHost }
                PluginParameter { name: "osm.mapping.cache.directory"; value: root.cacheDirectory }
                PluginParameter { name: "osm.mapping.cache.disk.cost_strategy"; value: "unitary" }
                PluginParameter { name: "osm.mapping.cache.disk.size"; value: root.diskTiles }
                PluginParameter { name: "osm.mapping.cache.memory.cost_strategy"; value: "unitary" }
                PluginParameter { name: "osm.mapping.cache.memory.size"; value: 300 }
                PluginParameter { name: "osm.mapping.cache.texture.size"; value: 48 * 1024 * 1024 }
                PluginParameter { name: "osm.mapping.prefetching_style"; value: "NoPrefetching" }
            }
            function chooseCustom() {
                for (let i = 0; i < supportedMapTypes.length; ++i)
                    if (supportedMapTypes[i].style === MapType.CustomMap)
                        activeMapType = supportedMapTypes[i]
            }
            onSupportedMapTypesChanged: chooseCustom()
            Component.onCompleted: chooseCustom()
        }
    }

    Item {
        id: ground
        objectName: "ground"
        anchors.fill: parent
    }

    Item {
        objectName: "slot"
        anchors.fill: parent
    }

    Rectangle {
        visible: root.stale
        anchors.fill: parent
        color: Qt.alpha(root.look.ground, 0.35)
    }

    component Plate: Rectangle {
        color: Qt.alpha(root.look.panel, 0.92)
        border.color: root.look.line
        border.width: 1
        radius: 5
    }

    component Words: Text {
        textFormat: Text.PlainText
        color: root.look.muted
        font.family: root.look.family
        font.pixelSize: Math.round(12 * root.wordScale)
        font.features: { "tnum": 1 }
    }

    component Press: Plate {
        id: press
        property string glyph
        property string action
        property string hint
        width: 34
        height: 34
        activeFocusOnTab: true
        Accessible.role: Accessible.Button
        Accessible.name: hint
        border.color: activeFocus || area.containsMouse ? root.look.accent : root.look.line
        Keys.onReturnPressed: root.chrome.asked(action)
        Keys.onSpacePressed: root.chrome.asked(action)
        Words {
            anchors.centerIn: parent
            text: press.glyph
            color: root.look.text
            font.pixelSize: 18
        }
        MouseArea {
            id: area
            anchors.fill: parent
            hoverEnabled: true
            onClicked: root.chrome.asked(press.action)
        }
        Plate {
            visible: area.containsMouse
            anchors.right: parent.left
            anchors.rightMargin: 8
            anchors.verticalCenter: parent.verticalCenter
            width: hintWords.implicitWidth + 16
            height: 26
            Words {
                id: hintWords
                anchors.centerIn: parent
                text: press.hint
                color: root.look.text
            }
        }
    }

    Column {
        visible: root.controls
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.margins: 14
        spacing: 6
        Press { glyph: "+"; action: "zoom_in"; hint: qsTr("Zoom in (+)") }
        Press { glyph: "−"; action: "zoom_out"; hint: qsTr("Zoom out (−)") }
        Press { glyph: "⌂"; action: "home"; hint: qsTr("Back to the district (Home)") }
        Press { glyph: "▦"; action: "basemap"; hint: qsTr("Base map (Ctrl+Shift+N)") }
    }

    MapTools {
        visible: root.controls
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.rightMargin: 14
        anchors.topMargin: 174
        height: Math.max(40, parent.height - 174 - 48)
        layoutDirection: Qt.RightToLeft
        hintsLeft: true
        look: root.look
        tools: root.tools.filter(tool => tool.side === "right")
        onPressed: (name) => root.chrome.asked(name)
    }

    MapTools {
        visible: root.controls
        anchors.left: parent.left
        anchors.top: parent.top
        anchors.leftMargin: 14
        anchors.topMargin: 52
        height: Math.max(40, parent.height - 52 - 52)
        look: root.look
        tools: root.tools.filter(tool => tool.side === "left")
        active: root.tool
        onPressed: (name) => root.chrome.asked(name)
    }

    Plate {
        visible: root.controls && root.hint.length > 0
        anchors.horizontalCenter: parent.horizontalCenter
        anchors.bottom: parent.bottom
        anchors.bottomMargin: 50
        width: Math.min(hintLine.implicitWidth + 24, root.width - 130)
        height: hintLine.height + 10
        Words {
            id: hintLine
            anchors.centerIn: parent
            width: Math.min(implicitWidth, root.width - 154)
            wrapMode: Text.Wrap
            horizontalAlignment: Text.AlignHCenter
            color: root.look.text
            text: root.hint
        }
    }

    Plate {
        visible: root.reading.length > 0
        x: Math.max(4, Math.min(root.pointerX + 16, root.width - width - 4))
        y: Math.max(4, Math.min(root.pointerY + 18, root.height - height - 4))
        width: readingWords.implicitWidth + 18
        height: readingWords.implicitHeight + 10
        border.color: root.look.accent
        Words {
            id: readingWords
            anchors.centerIn: parent
            color: root.look.text
            font.pixelSize: 13
            text: root.reading
        }
    }

    Plate {
        visible: root.locked
        anchors.left: parent.left
        anchors.top: parent.top
        anchors.margins: 14
        width: lockWords.implicitWidth + 28
        height: 28
        radius: 14
        Words {
            id: lockWords
            anchors.centerIn: parent
            text: qsTr("View locked · F follows")
        }
        MouseArea {
            anchors.fill: parent
            onClicked: root.chrome.asked("follow")
        }
    }

    Plate {
        visible: root.stale
        anchors.horizontalCenter: parent.horizontalCenter
        anchors.top: parent.top
        anchors.topMargin: 14
        width: staleWords.implicitWidth + 36
        height: staleWords.implicitHeight + 16
        border.color: root.look.minor
        border.width: 2
        Words {
            id: staleWords
            anchors.centerIn: parent
            color: root.look.minor
            font.pixelSize: Math.round(16 * root.wordScale)
            font.bold: true
            text: root.staleWords !== "" ? root.staleWords : qsTr("STALE") + " "
                  + (root.staleSeconds >= 3600 ? Math.floor(root.staleSeconds / 3600) + ":" : "")
                  + root.twoDigits(Math.floor(root.staleSeconds / 60) % 60) + ":"
                  + root.twoDigits(root.staleSeconds % 60)
        }
        Timer {
            running: root.stale
            interval: 1000
            repeat: true
            onTriggered: root.staleSeconds += 1
        }
    }

    Plate {
        anchors.left: parent.left
        anchors.bottom: parent.bottom
        anchors.margins: 14
        width: coordinateWords.implicitWidth + 20
        height: 28
        visible: root.controls && root.coordinates.length > 0
        Words {
            id: coordinateWords
            anchors.centerIn: parent
            text: root.coordinates
        }
        MouseArea {
            anchors.fill: parent
            acceptedButtons: Qt.LeftButton | Qt.RightButton
            cursorShape: Qt.PointingHandCursor
            onClicked: (mouse) => root.chrome.asked(
                mouse.button === Qt.RightButton ? "coordinates" : "copy_coordinates")
        }
    }

    Plate {
        visible: root.baseTrouble.length > 0
        anchors.right: parent.right
        anchors.bottom: scale.top
        anchors.rightMargin: 8
        anchors.bottomMargin: 12
        width: troubleWords.width + 20
        height: troubleWords.height + 10
        border.color: root.look.minor
        Words {
            id: troubleWords
            anchors.centerIn: parent
            width: Math.min(implicitWidth, root.width - 36)
            wrapMode: Text.Wrap
            maximumLineCount: 3
            elide: Text.ElideRight
            color: root.look.minor
            text: root.baseTrouble
        }
    }

    Plate {
        anchors.fill: scale
        anchors.margins: -6
        anchors.leftMargin: -10
        anchors.rightMargin: -10
        color: Qt.alpha(root.look.ground, 0.78)
        border.width: 0
    }

    Row {
        id: scale
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        anchors.margins: 18
        spacing: 12
        Item {
            width: bar.width
            height: 18 * root.wordScale
            component End: Rectangle {
                anchors.bottom: bar.bottom
                width: Math.round(root.wordScale)
                height: Math.round(7 * root.wordScale)
                color: root.look.muted
            }
            Rectangle {
                id: bar
                anchors.bottom: parent.bottom
                anchors.bottomMargin: 4 * root.wordScale
                width: root.scaleMetres() / root.metresPerPixel
                height: Math.round(2 * root.wordScale)
                color: root.look.muted
            }
            End { anchors.left: bar.left }
            End { anchors.right: bar.right }
        }
        Words {
            anchors.bottom: parent.bottom
            text: root.scaleMetres() >= 1000 ? root.scaleMetres() / 1000 + " km" : root.scaleMetres() + " m"
        }
        Words {
            anchors.bottom: parent.bottom
            visible: root.controls
            text: root.scaleNumber()
            MouseArea {
                anchors.fill: parent
                cursorShape: Qt.PointingHandCursor
                onClicked: root.chrome.asked("scale")
            }
        }
        Words {
            anchors.bottom: parent.bottom
            color: root.look.faint
            width: Math.min(implicitWidth, root.width * 0.4)
            elide: Text.ElideRight
            text: root.attribution
        }
    }

    Plate {
        visible: root.hoverText.length > 0
        x: Math.max(4, Math.min(root.hoverX + 16, root.width - width - 4))
        y: Math.max(4, Math.min(root.hoverY + 12, root.height - height - 4))
        width: hoverWords.width + 18
        height: hoverWords.height + 10
        Words {
            id: hoverWords
            anchors.centerIn: parent
            width: Math.min(implicitWidth, 360, root.width - 26)
            wrapMode: Text.Wrap
            maximumLineCount: 3
            elide: Text.ElideRight
            color: root.look.text
            font.pixelSize: 13
            text: root.hoverText
        }
    }
}
