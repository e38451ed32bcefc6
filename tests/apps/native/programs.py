"""Programs of the catalog that the platform installs."""

from __future__ import annotations

from xieka.contract.apps import Package, Program


def native(name: str = "xieka-lianxi", entry: str = "/opt/xieka-lianxi/程序") -> Package:
    install = {"kind": "native", "format": "deb", "package": name, "entry": entry}
    return Package.model_validate(
        {"platform": "linux-x86_64", "target": "apps/demo/lianxi-1.0-linux-x86-64.deb", "install": install}
    )


def program(version: str, package: Package) -> Program:
    return Program.model_validate(
        {
            "id": "lianxi",
            "publisher": "demo",
            "publisher_name": "练习发布方",
            "name": "练习程序",
            "version": version,
            "summary": "由系统安装的练习程序",
            "description": "由系统安装。",
            "icon": "building_government",
            "tone": "blue",
            "packages": [package.model_dump()],
            "origin": {},
        }
    )
